import { EN } from './en.ts';
import { ES } from './es.ts';
import { FR } from './fr.ts';
import { PT } from './pt.ts';
import type { ShopWords, WordKey } from './types.ts';

/** Regional forms of a base row: only the keys that differ. */
export type Overrides = Partial<ShopWords>;

/**
 * The base row with a region's forms first. The base row's forms stay behind them, because one shop's pages
 * mix the forms of several regions.
 */
export function withOverrides(base: ShopWords, ...regions: readonly Overrides[]): ShopWords {
  const merged: Record<WordKey, readonly string[]> = { ...base };
  for (const region of regions) {
    for (const [key, phrases] of Object.entries(region)) {
      const name = key as WordKey;
      merged[name] = [...new Set([...phrases, ...merged[name]])];
    }
  }
  return merged;
}

/** British habits, shared by every English-speaking shop outside North America. */
const EN_COMMONWEALTH: Overrides = {
  shipsFrom: ['Dispatches from'],
  shipperSellerLabel: ['Dispatcher / Seller', 'Dispatched from and sold by'],
  shipsFromAndSoldBy: ['Dispatched from and sold by {seller}.'],
  fulfilledByAmazon: ['Sold by {seller} and Fulfilled by Amazon.'],
  shipsWithin: ['Usually dispatched within {date}'],
  notDeliverable: [
    'This item cannot be dispatched to your selected delivery location. Please choose a different delivery location.',
  ],
  rrp: ['RRP'],
  importCharges: ['Delivery & Import Charges'],
  addToCart: ['Add to Basket'],
  hiddenInCart: ['See price in basket'],
  dimensionColor: ['Colour'],
  dimensionFlavor: ['Flavour'],
  moreOptions: ['+{n} colours/patterns'],
  selectOption: ['To buy, select Colour'],
};

export const EN_GB = withOverrides(EN, EN_COMMONWEALTH, {
  dateFirstAvailableLabel: ['Date First Available', 'Date first available at Amazon.co.uk'],
  foreignReviewsHeading: ['Top reviews from other countries'],
  customerReviewsHeading: [
    'Customer reviews',
    'Top reviews from United Kingdom',
    'Top reviews from the United Kingdom',
  ],
});

export const EN_CA = withOverrides(EN, {
  customerReviewsHeading: ['Customer reviews', 'Top reviews from Canada'],
  dimensionColor: ['Colour', 'Color'],
  dimensionFlavor: ['Flavour', 'Flavour Name', 'Flavor'],
  moreOptions: ['+{n} colours/patterns'],
});

export const EN_AU = withOverrides(EN, EN_COMMONWEALTH, {
  customerReviewsHeading: ['Customer reviews', 'Top reviews from Australia'],
  addToCart: ['Add to Cart'],
  hiddenInCart: ['See price in cart'],
  shipsFrom: ['Ships from'],
  shipperSellerLabel: ['Shipper / Seller'],
});

export const EN_SG = withOverrides(EN, {
  customerReviewsHeading: ['Customer reviews', 'Top reviews from Singapore'],
  dimensionColor: ['Colour'],
  moreOptions: ['+{n} colours/patterns'],
});

export const EN_IN = withOverrides(EN, EN_COMMONWEALTH, {
  rrp: ['M.R.P.'],
  shipsFrom: ['Ships from'],
  shipperSellerLabel: ['Shipper / Seller'],
  fulfilledByAmazon: ['Sold by {seller} and Fulfilled by Amazon.'],
  addToCart: ['Add to Cart'],
  hiddenInCart: ['See price in cart'],
  customerReviewsHeading: ['Customer reviews', 'Top reviews from India'],
  dealOfTheDay: ['Deal of the Day'],
  eventDeal: ['Great Indian Festival', 'Great Freedom Festival', 'Great Republic Day Sale'],
  returnable: [
    '10 days Replacement',
    '15 days Returnable',
    '7 days Replacement',
    '10 days Returnable',
    '7 days Returnable',
  ],
});

export const EN_AE = withOverrides(EN, {
  customerReviewsHeading: [
    'Customer reviews',
    'Top reviews from United Arab Emirates',
    'Top reviews from the United Arab Emirates',
    'Top reviews from Saudi Arabia',
    'Top reviews from Egypt',
  ],
  dimensionColor: ['Colour'],
  eventDeal: ['White Friday Deal', 'Yellow Friday Deal'],
  returnable: ['15 days Returnable', '30 days Returnable'],
});

/** American Spanish: the Mexican shop and the Spanish pages of the United States shop. */
const ES_AMERICA: Overrides = {
  inStock: ['Disponible'],
  onlyLeft: [
    'Solo queda(n) {n} disponible(s)',
    'Sólo queda(n) {n} disponible(s)',
    'Solo queda(n) {n} en existencia',
    'Sólo quedan {n} disponibles',
    'Solo hay {n} disponibles',
  ],
  outOfStock: ['Temporalmente agotado.', 'Agotado', 'Sin existencias', 'No hay existencias'],
  unavailable: ['No disponible por el momento.', 'Actualmente no disponible.'],
  backorder: ['Disponible el {date}.', 'Disponible a partir del {date}'],
  shipsWithin: ['Normalmente se envía en {date}', 'Generalmente se envía dentro de {date}'],
  notDeliverable: [
    'Este producto no se puede enviar al lugar de entrega seleccionado. Elige un lugar de entrega diferente.',
    'no se puede enviar a la ubicación de entrega seleccionada',
    'no puede ser enviado a la ubicación seleccionada',
    'no se puede enviar al lugar de entrega seleccionado',
    'Elige una ubicación de entrega diferente',
  ],
  hiddenInCart: ['Ver precio en el carrito', 'Para ver nuestro precio, agrega este artículo a tu carrito'],
  shipsFrom: ['Enviado por', 'Enviado desde', 'Se envía desde'],
  shipperSellerLabel: ['Remitente / Vendedor', 'Enviado por / Vendido por'],
  shipsFromAndSoldBy: ['Enviado y vendido por {seller}.', 'Vendido y enviado por {seller}'],
  fulfilledByAmazon: [
    'Vendido por {seller} y enviado desde Fulfillment de Amazon.',
    'Enviado desde Fulfillment de Amazon',
  ],
  listPrice: ['Precio de lista', 'Precio lista'],
  rrp: ['Precio de lista', 'Precio sugerido'],
  typicalPrice: ['Precio típico', 'Típico'],
  wasPrice: ['Precio anterior', 'Era', 'Precio más bajo reciente'],
  importCharges: ['Cargos de envío e importación', 'Cargos de importación', 'Depósito de derechos de importación'],
  instalments: ['meses sin intereses', 'meses', 'pagos mensuales'],
  perMonth: ['/mes', 'al mes', 'mensuales'],
  addToCart: ['Agregar al carrito', 'Agregar al Carrito', 'Añadir al carrito'],
  addToList: ['Agregar a la lista', 'Agregar a Lista', 'Agregar a lista de deseos'],
  deliverTo: ['Enviar a {place}', 'Entrega en {place}. Actualizar ubicación', 'Entregar en {place}'],
  orderWithin: ['Pídelo en {time}', 'Haz el pedido dentro de {time}'],
  coupon: ['Aplica cupón de {amount}', 'Ahorra {amount} con cupón', 'Aplicar cupón de {amount}'],
  ratings: ['{n} calificaciones', '{n} calificación', '{n} calificaciones globales', '{n} opiniones'],
  outOfStars: ['{n} de 5 estrellas', '{n} de un máximo de 5 estrellas'],
  reviewedIn: [
    'Calificado en {country} el {date}',
    'Calificado en los {country} el {date}',
    'Revisado en {country} el {date}',
    'Reseñado en {country} el {date}',
  ],
  verifiedPurchase: ['Compra verificada'],
  helpful: ['A {n} personas les resultó útil', 'A {n} personas les pareció útil'],
  helpfulOne: ['A una persona le resultó útil', 'A una persona le pareció útil'],
  boughtPastMonth: [
    '{n}+ comprados el mes pasado',
    'Más de {n} comprados el mes pasado',
    'Más de {n} compras el mes pasado',
    '{n}+ compras el mes pasado',
  ],
  backToResults: ['Volver a los resultados'],
  captchaPrompt: ['Escribe los caracteres que ves a continuación', 'Ingresa los caracteres que ves a continuación'],
  continueShopping: ['Seguir comprando', 'Continuar comprando'],
  moreChoices: ['Más opciones de compra', 'Ver opciones'],
};

export const ES_MX = withOverrides(ES, ES_AMERICA, {
  customerReviewsHeading: [
    'Opiniones de clientes',
    'Mejores opiniones de México',
    'Calificaciones y opiniones de clientes',
  ],
  eventDeal: ['Oferta de Hot Sale', 'Oferta Hot Sale', 'Oferta de Buen Fin', 'Oferta Buen Fin'],
});

export const ES_US = withOverrides(ES, ES_AMERICA, {
  customerReviewsHeading: [
    'Opiniones de clientes',
    'Las mejores reseñas de Estados Unidos',
    'Mejores reseñas de Estados Unidos',
  ],
  bestSellersRankLabel: ['Clasificación en los más vendidos de Amazon', 'Clasificación en los más vendidos'],
});

/** Canadian French. */
export const FR_CA = withOverrides(FR, {
  onlyLeft: [
    "Il n'en reste que {n} en stock.",
    'Il ne reste plus que {n} article(s) en stock',
    "Il n'en reste plus que {n} en stock",
    'Seulement {n} restant(s) en stock',
  ],
  outOfStock: ['Temporairement en rupture de stock.', 'Temporairement épuisé', 'En rupture de stock'],
  listPrice: ['Prix courant', 'Prix de liste', 'Prix catalogue'],
  rrp: ['Prix de détail suggéré', 'PDSF'],
  wasPrice: ['Était', 'Prix récent le plus bas'],
  typicalPrice: ['Prix habituel', 'Prix typique'],
  addToCart: ['Ajouter au panier', "Ajouter au panier d'achat"],
  customerReviewsHeading: ['Commentaires des clients', 'Commentaires client', 'Meilleures évaluations au Canada'],
  ratings: ['{n} évaluations', '{n} évaluation', '{n} évaluations globales'],
  deliverTo: ['Livrer à {place}', 'Livraison à {place} - Mettre à jour l’emplacement'],
});

/** European Portuguese. */
export const PT_PT = withOverrides(PT, {
  inStock: ['Em stock', 'Disponível', 'Disponível de imediato'],
  onlyLeft: [
    'Apenas {n} em stock.',
    'Resta(m) apenas {n} em stock',
    'Só resta(m) {n} em stock',
    'Apenas {n} em stock (mais unidades a caminho).',
    'Já só restam {n} em stock',
  ],
  lowStock: ['Poucas unidades em stock', 'Stock limitado'],
  outOfStock: ['Temporariamente sem stock.', 'Sem stock', 'Fora de stock', 'Temporariamente esgotado', 'Esgotado'],
  unavailable: ['Indisponível de momento.', 'Atualmente indisponível', 'Não disponível de momento'],
  preorder: ['Este produto será lançado a {date}.', 'Disponível para pré-encomenda', 'Pré-encomendar', 'Pré-encomenda'],
  backorder: ['Em stock a {date}.', 'Em stock a partir de {date}', 'Novamente em stock a {date}'],
  shipsWithin: ['Normalmente enviado no prazo de {date}', 'Geralmente enviado no prazo de {date}'],
  notDeliverable: [
    'Não é possível enviar este produto para o local de entrega selecionado. Selecione um local de entrega diferente.',
    'Este produto não pode ser enviado para a localização de entrega selecionada',
    'não pode ser enviado para o ponto de entrega selecionado',
    'Selecione um local de entrega diferente',
  ],
  hiddenInCart: ['Ver preço no cesto', 'Para ver o nosso preço, adicione este produto ao cesto'],
  shipsFrom: ['Enviado de', 'Expedido por', 'Enviado por'],
  fulfilledByAmazon: ['Vendido por {seller} e enviado pela Amazon.', 'Vendido por {seller} e gerido pela Amazon'],
  rrp: ['PVPR', 'Preço recomendado', 'PVP recomendado'],
  typicalPrice: ['Preço médio', 'Preço mediano'],
  wasPrice: ['Antes', 'Preço anterior', 'Preço mais baixo dos últimos 30 dias'],
  used: ['Usado', 'Em segunda mão', 'De segunda mão'],
  ratings: ['{n} avaliações', '{n} classificações', '{n} classificações globais'],
  addToCart: ['Adicionar ao carrinho', 'Adicionar ao cesto', 'Adicionar ao cesto de compras'],
  addToList: ['Adicionar à lista', 'Adicionar à Lista de desejos'],
  freeDelivery: ['Entrega GRÁTIS {date}', 'Envio GRÁTIS', 'Entrega GRÁTIS'],
  delivery: ['Entrega {date}', 'Entrega a {date}', 'Entrega por {price} {date}'],
  fastestDelivery: ['Ou entrega mais rápida {date}'],
  deliverTo: ['Enviar para {place}', 'Entregar em {place}', 'Entrega em {place} - Atualizar localização'],
  relatedSearches: ['Pesquisas relacionadas'],
  bestSellersRankLabel: ['Classificação dos produtos mais vendidos'],
  helpful: ['{n} pessoas consideraram isto útil'],
  helpfulOne: ['Uma pessoa considerou isto útil'],
  partNumberLabel: ['Referência da peça'],
  customerReviewsHeading: ['Avaliações dos clientes'],
  seeAllBuyingOptions: ['Ver todas as opções de compra', 'Opções de compra'],
  captchaPrompt: ['Introduza os caracteres que vê abaixo', 'Introduza os caracteres que vê nesta imagem'],
  continueShopping: ['Continuar a comprar'],
});
