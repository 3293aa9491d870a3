import { useLayoutEffect, useReducer } from "preact/hooks";

/** A value that tells when another takes its place. */
export class Signal<T> {
  #value: T;
  #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set value(next: T) {
    if (Object.is(next, this.#value)) return;
    this.#value = next;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Says that what the value holds has changed in place. */
  touch(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** The signal's value; the component is drawn again with each change. */
export function use<T>(signal: Signal<T>): T {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const shown = signal.value;
  useLayoutEffect(() => {
    // It may have changed between drawing and now.
    if (!Object.is(shown, signal.value)) draw(0);
    return signal.subscribe(() => draw(0));
  }, [signal]);
  return shown;
}
