/** Stands for whatever must not be seen; its length tells nothing. */
export const mask = '••••••••'
