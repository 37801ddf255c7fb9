// The token file of Apple's portal.
import { Problem } from './request';

const mostBytes = 100_000; // a token file has some 4,000

/** The file in base64. A Problem for one that cannot be a token: nothing of it is sent. */
export async function readTokenFile(file: File): Promise<string> {
  if (file.size > mostBytes)
    throw new Problem(-1, `${file.name} has ${(file.size / 1_000_000).toFixed(1)} MB, and a token file a few kB: it is another file. The portal calls the token NAME_Token_DATE_smime.p7m.`);
  if (file.size === 0) throw new Problem(-1, `${file.name} is empty. Download the token again.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
