/** The bytes as a source, chunk by chunk. */
export async function* chunksOf(bytes: Buffer, chunkBytes = 100_000): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
    yield bytes.subarray(offset, offset + chunkBytes);
  }
}
