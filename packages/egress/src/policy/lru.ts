/** A map that never holds more than `most` entries: the one used longest ago goes first, unless it must stay. */
export class BoundedMap<V> {
  readonly #map = new Map<string, V>();
  readonly #most: number;
  readonly #mustStay: (value: V) => boolean;

  constructor(most: number, mustStay: (value: V) => boolean = () => false) {
    this.#most = most;
    this.#mustStay = mustStay;
  }

  get size(): number {
    return this.#map.size;
  }

  /** The value, without counting as a use. */
  peek(key: string): V | undefined {
    return this.#map.get(key);
  }

  /** Sets the value and makes it the one used last. */
  set(key: string, value: V): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#map.size <= this.#most) return;
    for (const [other, held] of this.#map) {
      if (other === key || this.#mustStay(held)) continue;
      this.#map.delete(other);
      return;
    }
  }

  /** Forgets the values of which this is true, but for those that must stay. */
  drop(isOver: (value: V) => boolean): void {
    for (const [key, value] of this.#map) {
      if (isOver(value) && !this.#mustStay(value)) this.#map.delete(key);
    }
  }

  values(): IterableIterator<V> {
    return this.#map.values();
  }
}
