/** A location with a million assignments, and no limit to its rate. */
import { playWorld } from './played-world.ts'

export interface PlayedApple {
  readonly dataUrl: string
  /** The content token of the location. */
  readonly contentToken: string
  /** Gives, or takes, each of so many assets to, or from, each of these devices, as another server would. */
  change(
    method: 'POST' | 'DELETE',
    assets: readonly number[],
    serialNumbers: readonly string[],
  ): Promise<void>
  stop(): Promise<void>
}

const uId = '7000000000000080'

export async function playApple(prefix: readonly string[]): Promise<PlayedApple> {
  const { dataUrl, control, stop } = await playWorld('million', prefix)
  await control('PATCH', '/settings', { limits: { maxRequestPerSecond: 1_000_000 } })
  const { tokens } = (await control('GET', `/libraries/${uId}/tokens`)) as {
    tokens: readonly { file: string }[]
  }
  return {
    dataUrl,
    contentToken: tokens[0]?.file ?? '',
    async change(method, assets, serialNumbers) {
      await control(method, `/libraries/${uId}/assignments`, {
        assets: assets.map((number) => ({ adamId: String(9_100_000_000 + number) })),
        serialNumbers,
      })
    },
    stop,
  }
}

/** The serial number of the generator's device (Apple 11.9). */
export function generatedSerial(device: number): string {
  const mixed = (Math.imul(device, 2_654_435_761) + 1) >>> 0
  return `G${mixed.toString(36).toUpperCase().padStart(7, '0')}`
}
