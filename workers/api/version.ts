/** Of the API that this server speaks; `package.json` says the same, and a test holds both together. */
export const VERSION = '2.1.0';
