/** Writes the kinds of answer that Horreum gives, with its headers. */
import { randomUUID } from 'node:crypto';
import type { StandInAnswer } from '../../stand-in/calls.ts';

export function json(value: unknown, status = 200): StandInAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=UTF-8' },
    body: JSON.stringify(value),
  };
}

/** How Horreum refuses: one line of text. */
export function text(status: number, line: string): StandInAnswer {
  return { status, headers: { 'Content-Type': 'text/plain' }, body: line };
}

export function empty(status: number): StandInAnswer {
  return { status };
}

/** Also what a call gets that lacks nothing but a login. */
export function unauthorized(): StandInAnswer {
  return { status: 401, headers: { 'www-authenticate': 'basic' } };
}

export function crash(): StandInAnswer {
  return {
    status: 500,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ details: `Error id ${randomUUID()}-1`, stack: '' }),
  };
}

export function html(status: number, page: string): StandInAnswer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
}

export function unknownPath(): StandInAnswer {
  return html(404, '<html><body><h1>Resource not found</h1></body></html>');
}
