import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { buildCapture } from './prepare-capture.ts';
import { buildVerify } from './prepare-verify.ts';

/** Below the assets folder, with forward slashes, to content. A Map, because the order of writing matters. */
type AssetFiles = Map<string, Buffer>;

export interface PreparedAssets {
  written: string[];
  removed: string[];
}

/** What is made of sources: replaced where a test has none. */
export interface AssetBuilders {
  buildCapture(options: { repositoryRoot: string }): Promise<AssetFiles>;
  buildVerify(options: { repositoryRoot: string }): Promise<{ template: string; files: AssetFiles }>;
}

interface PrepareOptions {
  repositoryRoot: string;
  builders?: AssetBuilders;
}

/**
 * Fills `workers/pages/assets/`. What comes out: `docs.html` and `verify.html`, which the Worker serves at /docs and /verify/...,
 * `embed/liveness-check.js`, and `assets/<name>-<version>/...`, so no file can stand in the way of an API route.
 * Files that are right already are left alone, so a watching `wrangler dev` sees no change.
 */
export async function prepareAssets(options: PrepareOptions): Promise<PreparedAssets> {
  const { repositoryRoot } = options;
  const target = join(repositoryRoot, 'workers/pages/assets');
  const files = await collectAssets(options);
  const written = await writeChanged(files, target, join(repositoryRoot, '.wrangler'));
  // Last: what an already open page still needs goes only after everything new is in place.
  const removed = await removeOthers(files, target);
  return { written, removed };
}

export async function collectAssets({ repositoryRoot, builders }: PrepareOptions): Promise<AssetFiles> {
  const docs = await collectDocs(repositoryRoot);
  const verify = await collectVerify(repositoryRoot, builders ?? { buildCapture, buildVerify });
  const files = [...docs.files, ...verify.files];
  // The pages go last, so that they never name a file that is not there yet.
  return new Map([...files, ...docs.pages, ...verify.pages]);
}

/** Pages have addresses that stay, and name files whose addresses change with what is in them. */
interface Collected {
  files: AssetFiles;
  pages: AssetFiles;
}

async function collectDocs(repositoryRoot: string): Promise<Collected> {
  const swaggerUi = await readSwaggerUi(repositoryRoot);
  const own = await readFolder(join(repositoryRoot, 'workers/pages/docs'));
  const template = own.get('docs.html');
  if (template === undefined) throw new Error('workers/pages/docs/docs.html is missing');
  own.delete('docs.html');

  const docsFolder = `assets/docs-${hashOf(own)}`;
  const swaggerUiFolder = `assets/swagger-ui-${swaggerUi.version}`;
  const html = fillIn('docs.html', template.toString('utf8'), {
    docs: `/${docsFolder}`,
    'swagger-ui': `/${swaggerUiFolder}`,
    'swagger-ui-version': swaggerUi.version,
  });
  const files = new Map([...inFolder(swaggerUiFolder, swaggerUi.files), ...inFolder(docsFolder, own)]);
  return { files, pages: new Map([['docs.html', Buffer.from(html)]]) };
}

async function collectVerify(repositoryRoot: string, builders: AssetBuilders): Promise<Collected> {
  const capture = await builders.buildCapture({ repositoryRoot });
  const verify = await builders.buildVerify({ repositoryRoot });
  const captureFolder = `assets/capture-${hashOf(capture)}`;
  const verifyFolder = `assets/verify-${hashOf(verify.files)}`;
  const folders = { verify: `/${verifyFolder}`, capture: `/${captureFolder}` };
  const html = fillIn('verify.html', verify.template, folders);
  // Of the same origin as this address, wherever the page is that embeds it.
  const embed = `export * from '${folders.capture}/liveness-check.js';\n`;
  return {
    files: new Map([...inFolder(captureFolder, capture), ...inFolder(verifyFolder, verify.files)]),
    pages: new Map([
      ['embed/liveness-check.js', Buffer.from(embed)],
      ['verify.html', Buffer.from(html)],
    ]),
  };
}

function inFolder(folder: string, files: AssetFiles): AssetFiles {
  return new Map([...files].map(([name, content]) => [`${folder}/${name}`, content]));
}

async function readSwaggerUi(repositoryRoot: string): Promise<{ version: string; files: AssetFiles }> {
  const manifest = createRequire(join(repositoryRoot, 'package.json')).resolve('swagger-ui-dist/package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const read = (name: string) => readFile(join(dirname(manifest), name));
  const css = (await read('swagger-ui.css')).toString('utf8');
  const files: AssetFiles = new Map([
    ['swagger-ui-bundle.js', await read('swagger-ui-bundle.js')],
    ['swagger-ui-bundle.js.LICENSE.txt', await read('swagger-ui-bundle.js.LICENSE.txt')],
    // The source maps stay behind, so nothing should ask for them either.
    ['swagger-ui.css', Buffer.from(css.replace(/\n*\/\*# sourceMappingURL=.*?\*\/\s*$/, '\n'))],
    // With an extension, so that they are served as text.
    ['LICENSE.txt', await read('LICENSE')],
    ['NOTICE.txt', await read('NOTICE')],
  ]);
  return { version, files };
}

async function readFolder(folder: string): Promise<AssetFiles> {
  const names = (await readdir(folder)).filter((name) => /\.(css|html|js|svg)$/.test(name)).sort();
  const files: AssetFiles = new Map();
  for (const name of names) files.set(name, await readFile(join(folder, name)));
  return files;
}

function hashOf(files: AssetFiles): string {
  const hash = createHash('sha256');
  for (const [name, content] of files) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 12);
}

function fillIn(page: string, template: string, values: Record<string, string>): string {
  return template.replace(/\{\{([a-z-]+)\}\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${page} has an unknown placeholder ${placeholder}`);
    return value;
  });
}

async function writeChanged(files: AssetFiles, target: string, scratchParent: string): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, content] of files) {
    const present = await readFile(join(target, path)).catch(() => undefined);
    if (!present?.equals(content)) changed.push(path);
  }
  if (changed.length === 0) return [];

  // Written elsewhere and renamed into place, so that nobody reads half a file. Not in the assets folder: it is watched.
  await mkdir(scratchParent, { recursive: true });
  const scratch = await mkdtemp(join(scratchParent, 'prepare-assets-'));
  try {
    for (const path of changed) {
      const temporary = join(scratch, basename(path));
      const content = files.get(path) ?? Buffer.alloc(0);
      await writeFile(temporary, content);
      await mkdir(dirname(join(target, path)), { recursive: true });
      await rename(temporary, join(target, path));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return changed;
}

async function removeOthers(files: AssetFiles, target: string): Promise<string[]> {
  const removed: string[] = [];
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(target, path).split(sep).join('/');
    if (files.has(name) || [...files.keys()].some((kept) => kept.startsWith(`${name}/`))) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(name);
  }
  return removed.sort();
}
