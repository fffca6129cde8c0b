/** The files of the self-signed certificate of a directory file. */
export function certificateFilePaths(directoryPath: string) {
  const name = directoryPath.replace(/\.json$/, '');
  return { cert: `${name}.tls.crt`, key: `${name}.tls.key` };
}
