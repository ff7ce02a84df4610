import type { Vocabulary } from './types.ts';

export const PL: Vocabulary = {
  departments: ['Elektronika', 'Dom i kuchnia', 'Moda', 'Sport i turystyka', 'Żywność', 'Książki'],
  things: {
    headphones: ['Słuchawki bezprzewodowe', 'Słuchawki nauszne'],
    lamp: ['Lampka biurkowa LED', 'Lampki biurkowe'],
    kettle: ['Czajnik elektryczny 1,7 l', 'Czajniki elektryczne'],
    backpack: ['Plecak podróżny', 'Plecaki'],
    shirt: ['Koszulka bawełniana', 'Koszulki'],
    bottle: ['Butelka termiczna', 'Bidony'],
    mat: ['Antypoślizgowa mata do jogi', 'Maty do jogi'],
    coffee: ['Kawa ziarnista', 'Kawa palona'],
  },
  colors: ['Czarny', 'Biały', 'Granatowy', 'Leśna zieleń', 'Szary', 'Czerwony'],
  materials: ['Bawełna', 'Stal nierdzewna', 'Plastik z recyklingu'],
  points: [
    'ZROBIONE NA LATA: każda część jest sprawdzona dwa razy i można ją wymienić osobno.',
    'Tak lekkie, że przez cały dzień prawie nie czuć ciężaru.',
    'Łatwe w pielęgnacji: wilgotna ściereczka lub pranie ręczne w 30 °C.',
    'Przychodzi w pudełku bez plastiku, które mieści się w skrzynce.',
    'Dwa lata gwarancji – nasz zespół odpowiada w ciągu dnia roboczego.',
  ],
  about: [
    'Zaprojektowane przez mały zespół, który używa tego, co robi, dla tych, którzy wolą jedną dobrą rzecz od trzech złych.',
    'W pudełku są produkt, krótka instrukcja i część zamienna.',
  ],
  opinions: [
    ['Lepsze, niż myślałem', 'Używam codziennie od dwóch miesięcy i nadal wygląda jak nowe.'],
    ['Dobry stosunek jakości do ceny', 'Działa zgodnie z opisem. Kolor jest trochę ciemniejszy niż na zdjęciach.'],
    ['W porządku', 'Nic szczególnego, nic złego. Dostawa trwała dłużej, niż obiecano.'],
    ['Nie dla mnie', 'Przyszło z rysą i wydaje się tańsze, niż oczekiwałem. Odesłałem.'],
  ],
  bookTitles: ['Latarnia na końcu mapy', 'Krótka historia papieru', 'Chleb, sól i cierpliwość'],
  genres: ['Literatura piękna', 'Historia świata', 'Gotowanie'],
};

export const CS: Vocabulary = {
  departments: ['Elektronika', 'Domácnost a kuchyně', 'Móda', 'Sport a volný čas', 'Potraviny', 'Knihy'],
  things: {
    headphones: ['Bezdrátová sluchátka', 'Sluchátka přes uši'],
    lamp: ['LED stolní lampa', 'Stolní lampy'],
    kettle: ['Rychlovarná konvice 1,7 l', 'Rychlovarné konvice'],
    backpack: ['Cestovní batoh', 'Batohy'],
    shirt: ['Bavlněné tričko', 'Trička'],
    bottle: ['Izolovaná láhev', 'Láhve na pití'],
    mat: ['Protiskluzová podložka na jógu', 'Podložky na jógu'],
    coffee: ['Zrnková káva', 'Pražená káva'],
  },
  colors: ['Černá', 'Bílá', 'Námořnická modrá', 'Lesní zelená', 'Šedá', 'Červená'],
  materials: ['Bavlna', 'Nerezová ocel', 'Recyklovaný plast'],
  points: [
    'VYROBENO, ABY VYDRŽELO: každá část je dvakrát zkoušená a lze ji vyměnit zvlášť.',
    'Tak lehké, že váhu celý den skoro necítíte.',
    'Snadná údržba: otřete vlhkým hadříkem nebo perte ručně při 30 °C.',
    'Přijde v krabici bez plastu, která se vejde do schránky.',
    'Dvouletá záruka – náš tým odpoví do jednoho pracovního dne.',
  ],
  about: [
    'Navrženo malým týmem, který používá, co vyrábí, pro ty, kdo chtějí raději jednu dobrou věc než tři špatné.',
    'V krabici je výrobek, krátký návod a náhradní díl.',
  ],
  opinions: [
    ['Lepší, než jsem čekal', 'Používám denně už dva měsíce a stále vypadá jako nové.'],
    ['Dobrý poměr ceny a kvality', 'Dělá, co slibuje. Barva je o něco tmavší než na obrázcích.'],
    ['Ujde to', 'Nic zvláštního, nic špatného. Doručení trvalo déle, než slibovali.'],
    ['Není to pro mě', 'Přišlo se škrábancem a působí levněji, než jsem čekal. Vráceno.'],
  ],
  bookTitles: ['Maják na konci mapy', 'Krátké dějiny papíru', 'Chléb, sůl a trpělivost'],
  genres: ['Beletrie', 'Světové dějiny', 'Vaření'],
};

export const TR: Vocabulary = {
  departments: ['Elektronik', 'Ev ve Mutfak', 'Moda', 'Spor ve Outdoor', 'Gıda', 'Kitap'],
  things: {
    headphones: ['Kablosuz Kulaklık', 'Kulak Üstü Kulaklıklar'],
    lamp: ['LED Masa Lambası', 'Masa Lambaları'],
    kettle: ['Su Isıtıcı 1,7 L', 'Su Isıtıcılar'],
    backpack: ['Seyahat Sırt Çantası', 'Sırt Çantaları'],
    shirt: ['Pamuklu Tişört', 'Tişörtler'],
    bottle: ['Yalıtımlı Su Matarası', 'Mataralar'],
    mat: ['Kaymaz Yoga Matı', 'Yoga Matları'],
    coffee: ['Çekirdek Kahve', 'Kavrulmuş Kahve'],
  },
  colors: ['Siyah', 'Beyaz', 'Lacivert', 'Orman Yeşili', 'Gri', 'Kırmızı'],
  materials: ['Pamuk', 'Paslanmaz Çelik', 'Geri Dönüştürülmüş Plastik'],
  points: [
    'UZUN ÖMÜRLÜ: her parça iki kez test edilir ve ayrı ayrı değiştirilebilir.',
    'Bütün gün ağırlığını neredeyse hissetmeyeceğiniz kadar hafif.',
    'Bakımı kolay: nemli bezle silin ya da 30 °C’de elde yıkayın.',
    'Posta kutusuna sığan plastiksiz bir kutuda gelir.',
    'İki yıl garanti: ekibimiz bir iş günü içinde yanıt verir.',
  ],
  about: [
    'Yaptığını kullanan küçük bir ekip tarafından, üç kötü şey yerine bir iyi şey isteyenler için tasarlandı.',
    'Kutuda ürün, kısa bir kılavuz ve bir yedek parça bulunur.',
  ],
  opinions: [
    ['Umduğumdan iyi', 'İki aydır her gün kullanıyorum, hâlâ yeni gibi duruyor. Yine alırım.'],
    ['Fiyatına göre iyi', 'Söylediğini yapıyor. Rengi fotoğraflardan biraz daha koyu.'],
    ['İdare eder', 'Özel bir yanı yok, kötü bir yanı da yok. Teslimat söz verilenden uzun sürdü.'],
    ['Bana göre değil', 'Çizik geldi ve beklediğimden ucuz duruyor. İade ettim.'],
  ],
  bookTitles: ['Haritanın Sonundaki Deniz Feneri', 'Kâğıdın Kısa Tarihi', 'Ekmek, Tuz ve Sabır'],
  genres: ['Edebiyat', 'Dünya Tarihi', 'Yemek'],
};
