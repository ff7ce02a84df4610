/** Replaced by the shop-words table. */
export {};
