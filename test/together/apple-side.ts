/** The simulator in this process, with its control plane as plain calls: the only place where both products meet. */
import { type RunningSimulator, startSimulator } from '../../simulator/simulator.ts'

export interface SimulatedToken {
  readonly tokenId: string
  readonly account: string
  readonly displayName: string
  readonly file: string
  readonly fingerprint: string
}

export interface AppleSide {
  readonly dataUrl: string
  /** A call of the control plane below the main world; answers the JSON, and throws on a refusal. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  control(method: string, path: string, body?: unknown): Promise<any>
  tokensOf(uId: string): Promise<readonly SimulatedToken[]>
  issueToken(uId: string, account: string): Promise<SimulatedToken>
  close(): Promise<void>
}

export async function appleSide(
  seeds: readonly string[],
  at = new Date().toISOString(),
): Promise<AppleSide> {
  const simulator = await startSimulator({
    listen: '127.0.0.1:0',
    control: '127.0.0.1:0',
    seeds: [...seeds],
    at,
  })
  return controlledSide(simulator, at)
}

/** `at` is where the simulator's time began. */
export function controlledSide(simulator: RunningSimulator, at: string): AppleSide {
  const control: AppleSide['control'] = async (method, path, body) => {
    const response = await fetch(`${simulator.controlUrl}/worlds/main${path}`, {
      method,
      headers: {
        'X-Simulator-Key': simulator.controlKey,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    dataUrl: simulator.dataUrl,
    control,
    tokensOf: async (uId) => (await control('GET', `/libraries/${uId}/tokens`)).tokens,
    issueToken: (uId, account) =>
      control('POST', `/libraries/${uId}/tokens`, { account, expiresAt: inOneYear(at) }),
    close: () => simulator.close(),
  }
}

function inOneYear(at: string): string {
  return new Date(Date.parse(at) + 365 * 86_400_000).toISOString()
}
