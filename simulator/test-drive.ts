import { type SimulatorOptions, startSimulator } from './simulator.ts'
import type { RealTime } from './world/clock.ts'

/** A running simulator and its two sides, for tests; its real time moves only when a test or a delay moves it. */
export interface TestDrive {
  dataUrl: string
  controlUrl: string
  /** One data call; `token` undefined sends no Authorization header. */
  apple(path: string, token?: string, init?: RequestInit): Promise<AppleAnswer>
  /** One control call; a body that is left out is not sent. */
  control(method: string, path: string, body?: unknown): Promise<ControlReply>
  /** The file of a location's token, the first unless another is named. */
  tokenFile(uId: string, tokenId?: string): Promise<string>
  /** Lets the simulator's real time pass. */
  passMs(ms: number): void
  stop(): Promise<void>
}

export interface AppleAnswer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any
}

export interface ControlReply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any
}

export async function testDrive(
  seeds: string[],
  options: Partial<SimulatorOptions> = {},
  msPerCall = 100,
): Promise<TestDrive> {
  const time = steadyTime()
  const simulator = await startSimulator({
    listen: '127.0.0.1:0',
    control: '127.0.0.1:0',
    seeds,
    clock: 'frozen',
    time,
    ...options,
  })
  const { dataUrl, controlUrl, controlKey } = simulator

  async function control(method: string, path: string, body?: unknown): Promise<ControlReply> {
    const response = await fetch(controlUrl + path, {
      method,
      headers: { 'X-Simulator-Key': controlKey },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
  }

  return {
    dataUrl,
    controlUrl,
    control,
    async apple(path, token, init = {}) {
      // Calls that all came in one instant would run into the rate limit.
      time.pass(msPerCall)
      const response = await fetch(dataUrl + path, {
        redirect: 'manual',
        ...init,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(init.headers as Record<string, string> | undefined),
        },
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: parsed(text) }
    },
    async tokenFile(uId, tokenId) {
      const { json } = await control('GET', `/worlds/main/libraries/${uId}/tokens`)
      const tokens: { tokenId: string; file: string }[] = json.tokens
      const wanted = tokens.find((token) => tokenId === undefined || token.tokenId === tokenId)
      if (wanted === undefined) throw new Error(`no token ${tokenId ?? ''} in ${uId}`)
      return wanted.file
    },
    passMs: (ms) => time.pass(ms),
    stop: () => simulator.close(),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function steadyTime(): RealTime & { pass(ms: number): void } {
  let nowMs = Date.parse('2030-01-01T00:00:00Z')
  const alarms = new Set<{ atMs: number; ring: () => void }>()
  const pass = (ms: number) => {
    nowMs += ms
    for (const alarm of [...alarms].filter(({ atMs }) => atMs <= nowMs)) {
      alarms.delete(alarm)
      alarm.ring()
    }
  }
  return {
    now: () => nowMs,
    sleep: async (ms) => pass(ms),
    pass,
    alarm: (afterMs, ring) => {
      const alarm = { atMs: nowMs + afterMs, ring }
      alarms.add(alarm)
      return () => alarms.delete(alarm)
    },
  }
}
