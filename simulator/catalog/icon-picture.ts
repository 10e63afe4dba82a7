import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

/** How many blocks an icon is wide and high; its left half is mirrored, so that it looks like something. */
const blocks = 8

/** A PNG of two colours for an adamId: the same pattern every time, in any size (width and height in pixels). */
export function iconPicture(adamId: string, width: number, height: number): Buffer {
  const digest = createHash('sha256').update(adamId, 'utf8').digest()
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1) {
    const blockRow = Math.floor((y * blocks) / height)
    for (let x = 0; x < width; x += 1) {
      const blockColumn = Math.floor((x * blocks) / width)
      rows[y * (width + 1) + 1 + x] = isInk(digest, blockRow, blockColumn) ? 1 : 0
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits for each pixel, chosen from a palette.
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette(digest)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function isInk(digest: Buffer, row: number, column: number): boolean {
  const isBorder = row === 0 || row === blocks - 1 || column === 0 || column === blocks - 1
  if (isBorder) return false
  const half = Math.min(column, blocks - 1 - column)
  return ((digest[8 + row] ?? 0) >> half) % 2 === 1
}

/** A calm ground and light ink upon it. */
function palette(digest: Buffer): Buffer {
  const ground = [0, 1, 2].map((index) => 32 + (digest[index] ?? 0) / 2)
  return Buffer.from([...ground, 250, 250, 245])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
