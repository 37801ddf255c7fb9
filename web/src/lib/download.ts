/** Has the browser save a file of that name. */
export function saveFile(name: string, parts: string[], type: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
