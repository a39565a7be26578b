import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerServices, readImages } from './images.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withCompose(text: string): Promise<string> {
  const file = join(folder, 'docker-compose.yml');
  await writeFile(file, text);
  return file;
}

function complete(images: Partial<Record<string, string>> = {}): string {
  const lines = containerServices.map(
    (name) => `  ${name}:\n    image: ${images[name] ?? `\${${name}_IMAGE:-${name}:1}`}`,
  );
  return `services:\n${lines.join('\n')}\n`;
}

describe('readImages', () => {
  it('reads every image of the project’s own docker-compose.yml, pinned to a tag', async () => {
    const images = await readImages({ environment: {} });
    for (const service of containerServices) {
      expect(images[service].reference).toMatch(/:[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?$/);
      expect(images[service].variable).toMatch(/^FIREDRILL_\w+_IMAGE$/);
      expect(images[service].replaced).toBe(false);
    }
    expect(images.backups).toEqual(images.objects);
  });

  it('lets a variable replace an image, and an empty one not', async () => {
    const environment = { FIREDRILL_POSTGRES_IMAGE: 'own/postgres:16', FIREDRILL_MINIO_IMAGE: '' };
    const images = await readImages({ environment });
    expect(images.postgres).toEqual({
      reference: 'own/postgres:16',
      variable: 'FIREDRILL_POSTGRES_IMAGE',
      replaced: true,
    });
    expect(images.objects.replaced).toBe(false);
    expect(images.objects.reference).toContain('minio');
  });

  it('follows YAML merges', async () => {
    const text = `x-store: &store\n  image: \${A_B:-store:2}\n${complete()}`.replace(
      'objects:\n    image: ${objects_IMAGE:-objects:1}',
      'objects:\n    <<: *store',
    );
    expect((await readImages({ file: await withCompose(text), environment: {} })).objects.reference).toBe('store:2');
  });

  it('names the file, line and column of a text that is no YAML', async () => {
    const file = await withCompose('services:\n  postgres: {image: [}\n');
    await expect(readImages({ file })).rejects.toThrow(`expected valid YAML`);
    await expect(readImages({ file })).rejects.toThrow(`${file}:2:`);
  });

  it('names the service that is missing', async () => {
    const file = await withCompose(complete().replace('  search:', '  seek:'));
    const failure = readImages({ file });
    await expect(failure).rejects.toMatchObject({ code: 'configuration' });
    await expect(failure).rejects.toThrow(`actual there is no such line (${file}, services.search.image)`);
  });

  it.each(['postgres:15', '${POSTGRES_IMAGE}', '"${POSTGRES_IMAGE:-}"', '${A:-${B:-c}}'])(
    'refuses %s, which no variable with a default can replace',
    async (image) => {
      const file = await withCompose(complete({ postgres: image }));
      await expect(readImages({ file })).rejects.toThrow('services.postgres.image');
    },
  );

  it('refuses a file without services, and one that is not there', async () => {
    await expect(readImages({ file: await withCompose('volumes: {}\n') })).rejects.toThrow('expected services');
    await expect(readImages({ file: join(folder, 'none.yml') })).rejects.toThrow('expected a readable file');
  });
});
