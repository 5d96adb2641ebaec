import { resolve } from 'node:path'

/** Where package.json lies. */
export const productRoot = resolve(import.meta.dirname, '../..')
