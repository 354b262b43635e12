import type { ComponentChildren } from 'preact';
import type { FirstMethod } from '#domain/plan';
import type { Words } from './words';

interface Choice {
  readonly words: Words;
  readonly legend: string;
  readonly methods: readonly FirstMethod[];
  readonly children?: ComponentChildren;
}

/** How to pay, where there is a choice. */
export function Methods({ words, legend, methods, children }: Choice) {
  if (methods.length < 2) return null;
  return (
    <fieldset id="methods">
      <legend>{legend}</legend>
      {methods.map((method, index) => (
        <label key={method}>
          <input type="radio" name="method" value={method} checked={index === 0} /> {words.methods[method]}
        </label>
      ))}
      {children}
    </fieldset>
  );
}
