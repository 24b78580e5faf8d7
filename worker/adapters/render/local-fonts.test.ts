import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import localFonts, { fontPackageOf } from './local-fonts.mjs';

let project: string;

const addPackage = async (name: string, files: Readonly<Record<string, string>> = {}): Promise<void> => {
  for (const [file, text] of Object.entries({ 'package.json': '{}', ...files })) {
    const target = path.join(project, 'node_modules', name, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
};

/** As the package has it, in both of its forms. */
const source = (declare: string): string => `
${declare} getInfo = () => ({
  fontFamily: "Open Sans",
  fonts: {
    normal: {
      "400": {
        latin: "https://fonts.gstatic.com/s/opensans/v44/a.woff2",
        greek: "https://fonts.gstatic.com/s/opensans/v44/b.woff2"
      }
    }
  }
});
`;

beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'bespoke-fonts-'));
  await addPackage('@remotion/google-fonts', { 'dist/cjs/OpenSans.js': source('const') });
});

afterEach(() => rm(project, { recursive: true }));

const load = (form: 'cjs' | 'esm'): string => {
  const ending = form === 'cjs' ? 'js' : 'mjs';
  const resourcePath = path.join(
    project,
    `node_modules/@remotion/google-fonts/dist/${form}/OpenSans.${ending}`,
  );
  return localFonts.call({ resourcePath }, source(form === 'cjs' ? 'const' : 'var'));
};

/** What the module says of the font. @param files addresses of imported files. */
function infoOf(code: string, require: (file: string) => string = () => ''): unknown {
  // The code is this module's own.
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function('require', `${code}\nreturn getInfo();`) as (load: typeof require) => unknown;
  return run(require);
}

describe('fonts of Google', () => {
  it('come from the package of Fontsource that the project has installed', async () => {
    await addPackage('@fontsource/open-sans', { 'files/open-sans-latin-400-normal.woff2': '' });
    const info = infoOf(load('cjs'), (file) => `/assets/${path.basename(file)}`);
    expect(info).toMatchObject({
      fonts: {
        normal: {
          400: {
            latin: '/assets/open-sans-latin-400-normal.woff2',
            // The package lacks it.
            greek: 'https://fonts.gstatic.com/s/open-sans/',
          },
        },
      },
    });
    expect(load('esm')).toMatch(/^import bespoke0 from ".*open-sans-latin-400-normal\.woff2";/);
  });

  it('name the package that is missing', () => {
    expect(infoOf(load('cjs'))).toMatchObject({
      fonts: { normal: { 400: { latin: 'https://fonts.gstatic.com/s/open-sans/' } } },
    });
  });

  it('count as code of what imports them', async () => {
    expect(fontPackageOf('@remotion/google-fonts/OpenSans', project)).toBeUndefined();
    await addPackage('@fontsource/open-sans');
    expect(fontPackageOf('@remotion/google-fonts/OpenSans', project)).toBe('@fontsource/open-sans');
    expect(fontPackageOf('@remotion/google-fonts', project)).toBeUndefined();
    expect(fontPackageOf('@remotion/google-fonts/Nowhere', project)).toBeUndefined();
    expect(fontPackageOf('@remotion/fonts', project)).toBeUndefined();
  });

  it('are left alone where their module has another form', () => {
    const other = 'export const getInfo = 1; // fontFamily: "Inter"';
    expect(localFonts.call({ resourcePath: path.join(project, 'Inter.mjs') }, other)).toBe(other);
  });
});
