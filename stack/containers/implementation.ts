import type { ImageChoice } from './images.ts';

/** What a service is, for the report: official only where its image is the one of docker-compose.yml. */
export function implementationOf(product: string, choice: ImageChoice): string {
  return `${product} (${choice.replaced ? '' : 'official '}container image ${choice.reference})`;
}

/** What the project's own stand-in is, for the report. */
export function standInOf(product: string, choice: ImageChoice): string {
  return `built-in stand-in for ${product} (container image ${choice.reference})`;
}
