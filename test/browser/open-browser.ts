/** Opens the browser of this machine; without one it fails, since a test that skips itself proves nothing. */
import { existsSync } from 'node:fs';

/** What is used of playwright-core, whose package lies in this folder only. https://playwright.dev/docs/api/class-page */
export interface Page {
  goto(url: string): Promise<unknown>;
  setContent(html: string): Promise<void>;
  addScriptTag(script: { path: string }): Promise<unknown>;
  evaluate<Argument, Result>(
    act: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
  screenshot(options: { path?: string; fullPage?: boolean; clip?: Box }): Promise<Uint8Array>;
  locator(selector: string): Locator;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  close(): Promise<void>;
  on(
    event: 'pageerror' | 'console',
    listen: (message: { text?: () => string; message?: string }) => void,
  ): void;
}

export interface Locator {
  screenshot(options: { path: string }): Promise<Uint8Array>;
  evaluate<Result>(act: (element: unknown) => Result): Promise<Result>;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Browser {
  newPage(options: {
    viewport: { width: number; height: number };
    colorScheme?: 'light' | 'dark';
    deviceScaleFactor?: number;
  }): Promise<Page>;
  close(): Promise<void>;
}

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROME_BIN'] ?? USUAL_PLACES.find((place) => existsSync(place));
  if (executablePath === undefined)
    throw new Error('There is no browser: install Chromium or Chrome, or say in CHROME_BIN where it is.');
  // Its types are not there for whoever has not run these tests.
  const library: string = 'playwright-core';
  const { chromium } = (await import(library)) as {
    chromium: { launch(options: object): Promise<Browser> };
  };
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
