/** For statements that leave as a file. Code that talks to D1 itself binds its values instead. */
export function quoteSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
