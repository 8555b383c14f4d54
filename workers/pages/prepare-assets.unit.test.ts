import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AssetBuilders, prepareAssets as prepare } from './prepare-assets.ts';

const BUILDERS: AssetBuilders = {
  buildCapture: async () => new Map([['liveness-check.js', Buffer.from('the element')]]),
  buildVerify: async ({ repositoryRoot: root }) => ({
    template: await readFile(join(root, 'workers/pages/verify/verify.html'), 'utf8'),
    files: new Map([['verify.js', Buffer.from('the page')]]),
  }),
};

let repositoryRoot: string;

beforeEach(async () => {
  repositoryRoot = await mkdtemp(join(tmpdir(), 'prepare-assets-'));
  await put('package.json', '{}');
  await put('workers/pages/docs/docs.html', '{{docs}}/docs.css {{swagger-ui}}/swagger-ui.css {{swagger-ui-version}}');
  await put('workers/pages/docs/docs.css', 'body {}');
  await put('workers/pages/docs/notes.md', 'stays here');
  await put('workers/pages/verify/verify.html', '{{verify}}/verify.js {{capture}}/liveness-check.js');
  const swaggerUi = 'node_modules/swagger-ui-dist';
  await put(`${swaggerUi}/package.json`, '{ "version": "9.8.7" }');
  await put(`${swaggerUi}/swagger-ui.css`, 'a {}\n\n/*# sourceMappingURL=swagger-ui.css.map*/');
  for (const name of [
    'swagger-ui.css.map',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'LICENSE',
    'NOTICE',
  ]) {
    await put(`${swaggerUi}/${name}`, `content of ${name}`);
  }
});

const prepareAssets = (options: { repositoryRoot: string }) => prepare({ ...options, builders: BUILDERS });

afterEach(() => rm(repositoryRoot, { recursive: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(repositoryRoot, path)), { recursive: true });
  await writeFile(join(repositoryRoot, path), content);
}

async function assets(): Promise<Record<string, string>> {
  const root = join(repositoryRoot, 'workers/pages/assets');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = paths.sort().map(async (path) => [path.slice(root.length), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(contents));
}

it('lays out the page and what it names, under names that change with the content', async () => {
  await prepareAssets({ repositoryRoot });
  const before = await assets();
  const docs = /^\/assets\/docs-[0-9a-f]{12}(?=\/docs\.css )/.exec(before['/docs.html'] ?? '')?.[0];
  const [verify, capture] = (before['/verify.html'] ?? '').split(' ').map((path) => path.replace(/\/[^/]+$/, ''));
  expect(verify).toMatch(/^\/assets\/verify-[0-9a-f]{12}$/);
  expect(capture).toMatch(/^\/assets\/capture-[0-9a-f]{12}$/);
  expect(before).toEqual({
    [`${verify}/verify.js`]: 'the page',
    [`${capture}/liveness-check.js`]: 'the element',
    '/embed/liveness-check.js': `export * from '${capture}/liveness-check.js';\n`,
    '/verify.html': `${verify}/verify.js ${capture}/liveness-check.js`,
    [`${docs}/docs.css`]: 'body {}',
    '/assets/swagger-ui-9.8.7/LICENSE.txt': 'content of LICENSE',
    '/assets/swagger-ui-9.8.7/NOTICE.txt': 'content of NOTICE',
    '/assets/swagger-ui-9.8.7/swagger-ui-bundle.js': 'content of swagger-ui-bundle.js',
    '/assets/swagger-ui-9.8.7/swagger-ui-bundle.js.LICENSE.txt': 'content of swagger-ui-bundle.js.LICENSE.txt',
    '/assets/swagger-ui-9.8.7/swagger-ui.css': 'a {}\n',
    '/docs.html': `${docs}/docs.css /assets/swagger-ui-9.8.7/swagger-ui.css 9.8.7`,
  });

  await put('workers/pages/docs/docs.css', 'main {}');
  const { written, removed } = await prepareAssets({ repositoryRoot });
  expect(written).toEqual([expect.stringMatching(/^assets\/docs-[0-9a-f]{12}\/docs\.css$/), 'docs.html']);
  expect(removed.map((path) => `/${path}`)).toEqual([docs, `${docs}/docs.css`]);
  expect((await assets())['/docs.html']).toContain(written[0]);
});

it('touches nothing that is right already, and mends what is not', async () => {
  await prepareAssets({ repositoryRoot });
  const complete = await assets();
  const page = join(repositoryRoot, 'workers/pages/assets/docs.html');
  const { mtimeMs, ino } = await stat(page);
  expect(await prepareAssets({ repositoryRoot })).toEqual({ written: [], removed: [] });
  expect(await stat(page)).toMatchObject({ mtimeMs, ino });

  await rm(join(repositoryRoot, 'workers/pages/assets/assets/swagger-ui-9.8.7'), { recursive: true });
  await put('workers/pages/assets/api/v1/models', 'in the way of a route');
  await put('workers/pages/assets/docs.html', 'half a pa');
  await prepareAssets({ repositoryRoot });
  expect(await assets()).toEqual(complete);
});

it('leaves no scratch files behind, and survives two at a time', async () => {
  await Promise.all([prepareAssets({ repositoryRoot }), prepareAssets({ repositoryRoot })]);
  expect(await readdir(join(repositoryRoot, '.wrangler'))).toEqual([]);
  expect(Object.keys(await assets())).toHaveLength(11);
});

it('refuses a page that names what it does not know', async () => {
  await put('workers/pages/docs/docs.html', '{{mystery}}');
  await expect(prepareAssets({ repositoryRoot })).rejects.toThrow('docs.html has an unknown placeholder {{mystery}}');
});

it('gives the element another address when it changes, and the page and the embed name it', async () => {
  await prepareAssets({ repositoryRoot });
  const before = await assets();
  const buildCapture = async () => new Map([['liveness-check.js', Buffer.from('a better element')]]);
  const { written } = await prepare({ repositoryRoot, builders: { ...BUILDERS, buildCapture } });
  expect(written).toEqual([
    expect.stringMatching(/^assets\/capture-[0-9a-f]{12}\/liveness-check\.js$/),
    'embed/liveness-check.js',
    'verify.html',
  ]);
  const after = await assets();
  for (const page of ['/embed/liveness-check.js', '/verify.html']) {
    expect(after[page]).toContain(written[0]);
    expect(after[page]).not.toBe(before[page]);
  }
});
