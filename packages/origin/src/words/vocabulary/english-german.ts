import type { Vocabulary } from './types.ts';

export const EN: Vocabulary = {
  departments: ['Electronics', 'Home & Kitchen', 'Fashion', 'Sports & Outdoors', 'Grocery', 'Books'],
  things: {
    headphones: ['Wireless Headphones', 'Over-Ear Headphones'],
    lamp: ['LED Desk Lamp', 'Desk Lamps'],
    kettle: ['Electric Kettle 1.7 L', 'Electric Kettles'],
    backpack: ['Travel Backpack', 'Casual Backpacks'],
    shirt: ['Cotton T-Shirt', 'T-Shirts'],
    bottle: ['Insulated Water Bottle', 'Sports Water Bottles'],
    mat: ['Non-Slip Yoga Mat', 'Yoga Mats'],
    coffee: ['Whole Bean Coffee', 'Roasted Coffee Beans'],
  },
  colors: ['Black', 'White', 'Navy Blue', 'Forest Green', 'Grey', 'Red'],
  materials: ['Cotton', 'Stainless Steel', 'Recycled Plastic'],
  points: [
    'MADE TO LAST: every part is tested twice & can be replaced on its own.',
    'Light enough to carry all day, with a weight that you will hardly notice.',
    'Easy care: wipe it with a damp cloth or wash it by hand at 30 °C.',
    'Comes in a plastic-free box that fits through the letter slot.',
    'Two-year guarantee – our team answers within one working day.',
  ],
  about: [
    'Designed by a small team that uses what it makes, for people who want one good thing instead of three bad ones.',
    'The box holds the product, a short guide and a spare part.',
  ],
  opinions: [
    ['Better than I hoped', 'I have used it every day for two months and it still looks new. Would buy it again.'],
    ['Good value', 'Does what it says. The colour is a little darker than in the pictures, but I like it.'],
    ['It is all right', 'Nothing special, nothing wrong. Delivery took longer than promised.'],
    ['Not for me', 'It arrived with a scratch and feels cheaper than I expected. Sent it back.'],
  ],
  bookTitles: ['The Lighthouse at the End of the Map', 'A Short History of Paper', 'Bread, Salt & Patience'],
  genres: ['Literary Fiction', 'World History', 'Cooking'],
};

export const DE: Vocabulary = {
  departments: [
    'Elektronik & Foto',
    'Küche, Haushalt & Wohnen',
    'Fashion',
    'Sport & Freizeit',
    'Lebensmittel',
    'Bücher',
  ],
  things: {
    headphones: ['Kabelloser Kopfhörer', 'Over-Ear-Kopfhörer'],
    lamp: ['LED-Schreibtischlampe', 'Schreibtischlampen'],
    kettle: ['Wasserkocher 1,7 l', 'Wasserkocher'],
    backpack: ['Reiserucksack', 'Daypacks'],
    shirt: ['T-Shirt aus Baumwolle', 'T-Shirts'],
    bottle: ['Isolierte Trinkflasche', 'Trinkflaschen'],
    mat: ['Rutschfeste Yogamatte', 'Yogamatten'],
    coffee: ['Kaffee, ganze Bohnen', 'Röstkaffee'],
  },
  colors: ['Schwarz', 'Weiß', 'Marineblau', 'Waldgrün', 'Grau', 'Rot'],
  materials: ['Baumwolle', 'Edelstahl', 'Recycelter Kunststoff'],
  points: [
    'FÜR JAHRE GEBAUT: Jedes Teil ist doppelt geprüft & einzeln ersetzbar.',
    'Leicht genug für den ganzen Tag – das Gewicht ist kaum zu spüren.',
    'Pflegeleicht: mit einem feuchten Tuch abwischen oder bei 30 °C von Hand waschen.',
    'Kommt in einer Schachtel ohne Plastik, die in den Briefkasten passt.',
    'Zwei Jahre Garantie – unser Team antwortet an einem Werktag.',
  ],
  about: [
    'Entworfen von einem kleinen Team, das seine Sachen selbst benutzt, für Menschen, die lieber eine gute Sache haben als drei schlechte.',
    'In der Schachtel liegen das Produkt, eine kurze Anleitung und ein Ersatzteil.',
  ],
  opinions: [
    [
      'Besser als erhofft',
      'Seit zwei Monaten täglich in Gebrauch und sieht noch aus wie neu. Würde ich wieder kaufen.',
    ],
    ['Gutes Preis-Leistungs-Verhältnis', 'Hält, was es verspricht. Die Farbe ist etwas dunkler als auf den Bildern.'],
    ['Ganz in Ordnung', 'Nichts Besonderes, nichts Falsches. Die Lieferung dauerte länger als angekündigt.'],
    ['Nichts für mich', 'Kam mit einem Kratzer an und wirkt billiger als gedacht. Ging zurück.'],
  ],
  bookTitles: ['Der Leuchtturm am Ende der Karte', 'Eine kurze Geschichte des Papiers', 'Brot, Salz & Geduld'],
  genres: ['Gegenwartsliteratur', 'Weltgeschichte', 'Kochen'],
};
