import { renderReports } from './render.ts';

const [directory = '.'] = process.argv.slice(2);
await renderReports(directory);
