import type { Vocabulary } from './types.ts';

export const NL: Vocabulary = {
  departments: ['Elektronica', 'Wonen en keuken', 'Mode', 'Sport en outdoor', 'Levensmiddelen', 'Boeken'],
  things: {
    headphones: ['Draadloze koptelefoon', 'Over-ear koptelefoons'],
    lamp: ['Led-bureaulamp', 'Bureaulampen'],
    kettle: ['Waterkoker 1,7 l', 'Waterkokers'],
    backpack: ['Reisrugzak', 'Rugzakken'],
    shirt: ['Katoenen T-shirt', 'T-shirts'],
    bottle: ['Geïsoleerde drinkfles', 'Drinkflessen'],
    mat: ['Antislip yogamat', 'Yogamatten'],
    coffee: ['Koffiebonen', 'Gebrande koffie'],
  },
  colors: ['Zwart', 'Wit', 'Marineblauw', 'Bosgroen', 'Grijs', 'Rood'],
  materials: ['Katoen', 'Roestvrij staal', 'Gerecycled kunststof'],
  points: [
    'GEMAAKT OM LANG MEE TE GAAN: elk onderdeel is twee keer getest en los te vervangen.',
    'Zo licht dat je het gewicht de hele dag nauwelijks voelt.',
    'Makkelijk in onderhoud: vochtige doek of handwas op 30 °C.',
    'Komt in een doos zonder plastic die door de brievenbus past.',
    'Twee jaar garantie: ons team antwoordt binnen een werkdag.',
  ],
  about: [
    'Ontworpen door een klein team dat gebruikt wat het maakt, voor wie liever één goed ding heeft dan drie slechte.',
    'In de doos zitten het product, een korte handleiding en een reserveonderdeel.',
  ],
  opinions: [
    ['Beter dan gehoopt', 'Ik gebruik het al twee maanden elke dag en het ziet er nog nieuw uit.'],
    ['Goede prijs-kwaliteit', 'Doet wat het belooft. De kleur is iets donkerder dan op de foto’s.'],
    ['Gaat wel', 'Niets bijzonders, niets mis mee. De levering duurde langer dan beloofd.'],
    ['Niets voor mij', 'Kwam aan met een kras en voelt goedkoper dan verwacht. Teruggestuurd.'],
  ],
  bookTitles: ['De vuurtoren aan het einde van de kaart', 'Een korte geschiedenis van papier', 'Brood, zout en geduld'],
  genres: ['Literaire fictie', 'Wereldgeschiedenis', 'Koken'],
};

export const SV: Vocabulary = {
  departments: ['Elektronik', 'Hem och kök', 'Mode', 'Sport och friluftsliv', 'Livsmedel', 'Böcker'],
  things: {
    headphones: ['Trådlösa hörlurar', 'Over-ear-hörlurar'],
    lamp: ['LED-skrivbordslampa', 'Skrivbordslampor'],
    kettle: ['Vattenkokare 1,7 l', 'Vattenkokare'],
    backpack: ['Resryggsäck', 'Ryggsäckar'],
    shirt: ['T-shirt i bomull', 'T-shirts'],
    bottle: ['Isolerad vattenflaska', 'Vattenflaskor'],
    mat: ['Halkfri yogamatta', 'Yogamattor'],
    coffee: ['Hela kaffebönor', 'Rostat kaffe'],
  },
  colors: ['Svart', 'Vit', 'Marinblå', 'Skogsgrön', 'Grå', 'Röd'],
  materials: ['Bomull', 'Rostfritt stål', 'Återvunnen plast'],
  points: [
    'BYGGD FÖR ATT HÅLLA: varje del är testad två gånger och kan bytas separat.',
    'Så lätt att du knappt märker vikten på hela dagen.',
    'Lättskött: torka med en fuktig trasa eller handtvätta i 30 °C.',
    'Kommer i en plastfri låda som får plats i brevlådan.',
    'Två års garanti – vårt team svarar inom en arbetsdag.',
  ],
  about: [
    'Formgiven av ett litet team som använder det de gör, för dig som hellre har en bra sak än tre dåliga.',
    'Lådan innehåller produkten, en kort guide och en reservdel.',
  ],
  opinions: [
    ['Bättre än jag hoppats', 'Jag har använt den varje dag i två månader och den ser fortfarande ny ut.'],
    ['Prisvärd', 'Gör vad den lovar. Färgen är lite mörkare än på bilderna.'],
    ['Helt okej', 'Inget speciellt, inget fel. Leveransen tog längre tid än utlovat.'],
    ['Inte för mig', 'Kom med en repa och känns billigare än väntat. Skickade tillbaka.'],
  ],
  bookTitles: ['Fyren vid kartans slut', 'Papperets korta historia', 'Bröd, salt och tålamod'],
  genres: ['Skönlitteratur', 'Världshistoria', 'Matlagning'],
};

export const DA: Vocabulary = {
  departments: ['Elektronik', 'Hjem og køkken', 'Mode', 'Sport og fritid', 'Dagligvarer', 'Bøger'],
  things: {
    headphones: ['Trådløse høretelefoner', 'Over-ear høretelefoner'],
    lamp: ['LED-skrivebordslampe', 'Skrivebordslamper'],
    kettle: ['Elkedel 1,7 l', 'Elkedler'],
    backpack: ['Rejserygsæk', 'Rygsække'],
    shirt: ['T-shirt i bomuld', 'T-shirts'],
    bottle: ['Isoleret drikkeflaske', 'Drikkeflasker'],
    mat: ['Skridsikker yogamåtte', 'Yogamåtter'],
    coffee: ['Hele kaffebønner', 'Ristet kaffe'],
  },
  colors: ['Sort', 'Hvid', 'Marineblå', 'Skovgrøn', 'Grå', 'Rød'],
  materials: ['Bomuld', 'Rustfrit stål', 'Genbrugsplast'],
  points: [
    'LAVET TIL AT HOLDE: hver del er testet to gange og kan udskiftes for sig.',
    'Så let, at du næsten ikke mærker vægten hele dagen.',
    'Nem at pleje: tør af med en fugtig klud, eller vask i hånden ved 30 °C.',
    'Kommer i en æske uden plast, der passer i brevsprækken.',
    'To års garanti – vores team svarer inden for en hverdag.',
  ],
  about: [
    'Designet af et lille team, der bruger det, de laver, til dem, der hellere vil have én god ting end tre dårlige.',
    'Æsken indeholder produktet, en kort vejledning og en reservedel.',
  ],
  opinions: [
    ['Bedre end håbet', 'Jeg har brugt den hver dag i to måneder, og den ser stadig ny ud.'],
    ['God værdi', 'Gør, hvad den lover. Farven er lidt mørkere end på billederne.'],
    ['Udmærket', 'Intet særligt, intet galt. Leveringen tog længere tid end lovet.'],
    ['Ikke noget for mig', 'Kom med en ridse og føles billigere end ventet. Sendt retur.'],
  ],
  bookTitles: ['Fyret for enden af kortet', 'Papirets korte historie', 'Brød, salt og tålmodighed'],
  genres: ['Skønlitteratur', 'Verdenshistorie', 'Madlavning'],
};
