import { requireEngine } from './containers/engine.ts';
import { readImages } from './containers/images.ts';
import { isMissing } from './containers/is-missing.ts';

/** An image that the stack would use. */
export interface FoundImage {
  reference: string;
  /** The environment variable that replaces it. */
  variable: string;
  /** Whether the engine has it, so that nothing need be pulled. */
  isPresent: boolean;
}

/** The images of the stack, each once, and whether the engine has them. The engine has to answer. */
export async function findImages(): Promise<FoundImage[]> {
  const [engine, images, { ImageName }] = await Promise.all([requireEngine(), readImages(), import('testcontainers')]);
  const choices = new Map(Object.values(images).map((choice) => [choice.reference, choice]));
  return Promise.all(
    [...choices.values()].map(async ({ reference, variable }) => {
      const image = engine.docker.getImage(ImageName.fromString(reference).string);
      const isPresent = await image.inspect().then(
        () => true,
        (error: unknown) => {
          if (isMissing(error)) return false;
          throw error;
        },
      );
      return { reference, variable, isPresent };
    }),
  );
}
