/** Reads the pages for the lab's people (`docs/perflab/`) and the code blocks in them. */
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../../docs/perflab/', import.meta.url);

export function page(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** The fenced blocks of a language, in their order. */
export function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, is, code]) =>
    is === language ? [code ?? ''] : [],
  );
}

/** The block that begins a line with `start`. */
export function block(name: string, language: string, start: string): string {
  const found = blocks(page(name), language).find((one) => one.includes(start));
  if (found === undefined) throw new Error(`${name} shows no ${language} with "${start}"`);
  return found;
}
