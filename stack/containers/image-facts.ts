import type Dockerode from 'dockerode';
import { ImageName } from 'testcontainers';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { ServiceName } from '../../domain/service.ts';
import type { RunContext } from '../run-context.ts';
import type { Engine } from './engine.ts';
import type { ImageChoice } from './images.ts';
import { isMissing } from './is-missing.ts';
import { unlessAborted } from './within-time.ts';

/** An image that is on the engine. */
export interface ImageFacts {
  reference: string;
  /** E.g. `sha256:…`. */
  id: string;
  /** Its `VOLUME`s. */
  volumes: string[];
  labels: Readonly<Record<string, string>>;
}

/**
 * Makes sure that the image is on the engine, and pulls it only where it is not. Throws one `DrillError`
 * (`service-start`) that names the image, what was tried, and the variable that replaces it.
 */
export async function ensureImage(
  engine: Engine,
  run: Pick<RunContext, 'progress' | 'signal'>,
  service: ServiceName,
  choice: ImageChoice,
): Promise<ImageFacts> {
  // The library applies the prefix of a private registry that a user may have configured.
  const name = ImageName.fromString(choice.reference);
  const present = await inspect(engine, name.string);
  if (present !== undefined) return present;
  run.progress.info(`pulling the image ${name.string}`);
  let reason = 'the pull ended without an error, but the engine does not have it';
  try {
    await unlessAborted(engine.client.image.pull(name), run.signal, `the pull of ${name.string}`);
  } catch (error) {
    if (error instanceof DrillError) throw error;
    reason = messageOf(error).trim();
  }
  const pulled = await inspect(engine, name.string);
  if (pulled !== undefined) return pulled;
  throw new DrillError({
    code: 'service-start',
    service,
    what: `the image of ${service} cannot be had`,
    expected: `${name.string} on the engine, or to be pulled`,
    actual: reason,
    where: choice.replaced ? choice.variable : 'docker-compose.yml',
    hint: `Set ${choice.variable} to an image that is there (docker images), or use --engine native.`,
  });
}

async function inspect(engine: Engine, reference: string): Promise<ImageFacts | undefined> {
  let found: Dockerode.ImageInspectInfo;
  try {
    found = await engine.docker.getImage(reference).inspect();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const config = found.Config as typeof found.Config | undefined;
  return {
    reference,
    id: found.Id,
    volumes: Object.keys((config?.Volumes as object | null | undefined) ?? {}),
    labels: (config?.Labels as Record<string, string> | null | undefined) ?? {},
  };
}
