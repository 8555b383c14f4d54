import { type Browser, chromium } from 'playwright-core';
import { requiredProgram } from './required-program.ts';

const CHROMIUM = {
  names: ['chromium', 'chromium-browser', 'google-chrome'],
  install: ['apt-get install chromium', 'brew install --cask chromium', 'point CHROMIUM_PATH at one'],
};

// Nothing but what the page under test asks for: the browser's own errands would be requests that no test expects.
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** False where no browser is installed, and this was said; throws instead where CI is `true`. */
export function chromiumAvailable(): boolean {
  return chromiumPath() !== undefined;
}

export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('Chromium is not installed');
  return await chromium.launch({ executablePath, args: [...QUIET, ...args] });
}

function chromiumPath(): string | undefined {
  return process.env.CHROMIUM_PATH || requiredProgram(CHROMIUM);
}
