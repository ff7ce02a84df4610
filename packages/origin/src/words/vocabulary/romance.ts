import type { Vocabulary } from './types.ts';

export const ES: Vocabulary = {
  departments: ['Electrónica', 'Hogar y cocina', 'Moda', 'Deportes y aire libre', 'Alimentación', 'Libros'],
  things: {
    headphones: ['Auriculares inalámbricos', 'Auriculares de diadema'],
    lamp: ['Lámpara de escritorio LED', 'Lámparas de escritorio'],
    kettle: ['Hervidor eléctrico 1,7 L', 'Hervidores eléctricos'],
    backpack: ['Mochila de viaje', 'Mochilas casual'],
    shirt: ['Camiseta de algodón', 'Camisetas'],
    bottle: ['Botella térmica', 'Botellas de agua'],
    mat: ['Esterilla de yoga antideslizante', 'Esterillas de yoga'],
    coffee: ['Café en grano', 'Café tostado'],
  },
  colors: ['Negro', 'Blanco', 'Azul marino', 'Verde bosque', 'Gris', 'Rojo'],
  materials: ['Algodón', 'Acero inoxidable', 'Plástico reciclado'],
  points: [
    'HECHO PARA DURAR: cada pieza se prueba dos veces y se puede cambiar por separado.',
    'Tan ligero que apenas notarás su peso en todo el día.',
    'Fácil de cuidar: límpialo con un paño húmedo o lávalo a mano a 30 °C.',
    'Llega en una caja sin plástico que cabe en el buzón.',
    'Dos años de garantía: nuestro equipo responde en un día laborable.',
  ],
  about: [
    'Diseñado por un equipo pequeño que usa lo que fabrica, para quien prefiere una cosa buena a tres malas.',
    'La caja contiene el producto, una guía breve y una pieza de recambio.',
  ],
  opinions: [
    ['Mejor de lo que esperaba', 'Lo uso todos los días desde hace dos meses y parece nuevo. Lo volvería a comprar.'],
    ['Buena relación calidad-precio', 'Cumple lo que dice. El color es algo más oscuro que en las fotos.'],
    ['No está mal', 'Nada especial, nada malo. La entrega tardó más de lo prometido.'],
    ['No es para mí', 'Llegó con un arañazo y parece más barato de lo esperado. Lo devolví.'],
  ],
  bookTitles: ['El faro al final del mapa', 'Breve historia del papel', 'Pan, sal y paciencia'],
  genres: ['Ficción literaria', 'Historia universal', 'Cocina'],
};

export const FR: Vocabulary = {
  departments: ['High-Tech', 'Cuisine et Maison', 'Mode', 'Sports et Loisirs', 'Épicerie', 'Livres'],
  things: {
    headphones: ['Casque sans fil', 'Casques circum-auriculaires'],
    lamp: ['Lampe de bureau LED', 'Lampes de bureau'],
    kettle: ['Bouilloire électrique 1,7 L', 'Bouilloires électriques'],
    backpack: ['Sac à dos de voyage', 'Sacs à dos'],
    shirt: ['T-shirt en coton', 'T-shirts'],
    bottle: ['Gourde isotherme', 'Gourdes'],
    mat: ['Tapis de yoga antidérapant', 'Tapis de yoga'],
    coffee: ['Café en grains', 'Cafés torréfiés'],
  },
  colors: ['Noir', 'Blanc', 'Bleu marine', 'Vert forêt', 'Gris', 'Rouge'],
  materials: ['Coton', 'Acier inoxydable', 'Plastique recyclé'],
  points: [
    'FAIT POUR DURER : chaque pièce est testée deux fois et se remplace séparément.',
    "Assez léger pour l'emporter toute la journée sans sentir son poids.",
    'Entretien facile : un chiffon humide ou un lavage à la main à 30 °C.',
    'Livré dans une boîte sans plastique qui passe dans la boîte aux lettres.',
    'Garantie deux ans : notre équipe répond en un jour ouvré.',
  ],
  about: [
    "Conçu par une petite équipe qui utilise ce qu'elle fabrique, pour ceux qui préfèrent une bonne chose à trois mauvaises.",
    'La boîte contient le produit, un petit guide et une pièce de rechange.',
  ],
  opinions: [
    ['Mieux que prévu', "Je l'utilise tous les jours depuis deux mois et il a l'air neuf. Je le rachèterais."],
    ['Bon rapport qualité-prix', "Fait ce qu'il promet. La couleur est un peu plus foncée que sur les photos."],
    ['Correct', 'Rien de spécial, rien de mauvais. La livraison a pris plus de temps que promis.'],
    ['Pas pour moi', "Arrivé avec une rayure et l'air moins cher que prévu. Je l'ai renvoyé."],
  ],
  bookTitles: ['Le phare au bout de la carte', 'Une brève histoire du papier', 'Pain, sel et patience'],
  genres: ['Fiction littéraire', 'Histoire du monde', 'Cuisine'],
};

export const IT: Vocabulary = {
  departments: ['Elettronica', 'Casa e cucina', 'Moda', 'Sport e tempo libero', 'Alimentari', 'Libri'],
  things: {
    headphones: ['Cuffie senza fili', 'Cuffie over-ear'],
    lamp: ['Lampada da scrivania LED', 'Lampade da scrivania'],
    kettle: ['Bollitore elettrico 1,7 L', 'Bollitori elettrici'],
    backpack: ['Zaino da viaggio', 'Zaini casual'],
    shirt: ['Maglietta di cotone', 'T-shirt'],
    bottle: ['Borraccia termica', 'Borracce'],
    mat: ['Tappetino yoga antiscivolo', 'Tappetini yoga'],
    coffee: ['Caffè in grani', 'Caffè tostato'],
  },
  colors: ['Nero', 'Bianco', 'Blu navy', 'Verde bosco', 'Grigio', 'Rosso'],
  materials: ['Cotone', 'Acciaio inossidabile', 'Plastica riciclata'],
  points: [
    'FATTO PER DURARE: ogni parte è provata due volte e si può sostituire da sola.',
    'Così leggero che il peso quasi non si sente tutto il giorno.',
    'Facile da curare: un panno umido oppure lavaggio a mano a 30 °C.',
    'Arriva in una scatola senza plastica che entra nella cassetta delle lettere.',
    'Due anni di garanzia: il nostro team risponde entro un giorno lavorativo.',
  ],
  about: [
    'Disegnato da un piccolo gruppo che usa quello che produce, per chi preferisce una cosa buona a tre cattive.',
    'La scatola contiene il prodotto, una breve guida e un ricambio.',
  ],
  opinions: [
    ['Meglio del previsto', 'Lo uso ogni giorno da due mesi e sembra nuovo. Lo ricomprerei.'],
    ['Buon rapporto qualità-prezzo', 'Fa quello che promette. Il colore è un po’ più scuro che nelle foto.'],
    ['Nella norma', 'Niente di speciale, niente di sbagliato. La consegna è durata più del previsto.'],
    ['Non fa per me', 'È arrivato con un graffio e sembra più economico del previsto. Reso.'],
  ],
  bookTitles: ['Il faro alla fine della mappa', 'Breve storia della carta', 'Pane, sale e pazienza'],
  genres: ['Narrativa letteraria', 'Storia mondiale', 'Cucina'],
};

export const PT: Vocabulary = {
  departments: ['Eletrônicos', 'Casa e Cozinha', 'Moda', 'Esportes e Aventura', 'Alimentos', 'Livros'],
  things: {
    headphones: ['Fone de ouvido sem fio', 'Fones de ouvido over-ear'],
    lamp: ['Luminária de mesa LED', 'Luminárias de mesa'],
    kettle: ['Chaleira elétrica 1,7 L', 'Chaleiras elétricas'],
    backpack: ['Mochila de viagem', 'Mochilas casuais'],
    shirt: ['Camiseta de algodão', 'Camisetas'],
    bottle: ['Garrafa térmica', 'Garrafas de água'],
    mat: ['Tapete de yoga antiderrapante', 'Tapetes de yoga'],
    coffee: ['Café em grãos', 'Café torrado'],
  },
  colors: ['Preto', 'Branco', 'Azul-marinho', 'Verde-floresta', 'Cinza', 'Vermelho'],
  materials: ['Algodão', 'Aço inoxidável', 'Plástico reciclado'],
  points: [
    'FEITO PARA DURAR: cada peça é testada duas vezes e pode ser trocada separadamente.',
    'Tão leve que você quase não sente o peso durante o dia.',
    'Fácil de cuidar: pano úmido ou lavagem à mão a 30 °C.',
    'Chega em uma caixa sem plástico que cabe na caixa de correio.',
    'Dois anos de garantia: nossa equipe responde em um dia útil.',
  ],
  about: [
    'Criado por uma equipe pequena que usa o que faz, para quem prefere uma coisa boa a três ruins.',
    'A caixa contém o produto, um guia curto e uma peça de reposição.',
  ],
  opinions: [
    ['Melhor do que eu esperava', 'Uso todos os dias há dois meses e ainda parece novo. Compraria de novo.'],
    ['Bom custo-benefício', 'Faz o que promete. A cor é um pouco mais escura do que nas fotos.'],
    ['Razoável', 'Nada de especial, nada de errado. A entrega demorou mais do que o prometido.'],
    ['Não é para mim', 'Chegou com um risco e parece mais barato do que eu esperava. Devolvi.'],
  ],
  bookTitles: ['O farol no fim do mapa', 'Uma breve história do papel', 'Pão, sal e paciência'],
  genres: ['Ficção literária', 'História geral', 'Culinária'],
};
