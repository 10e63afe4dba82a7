/**
 * One pace per location for all processes on one server (ports/location-pace.ts), told by the server's own clock: a row per
 * location, whose lock puts those who ask at the same time one after the other.
 */
import type { Clock } from '../../model/clock.ts'
import type { LocationPace, LocationPauses, Reservation } from '../../ports/location-pace.ts'
import { first, type SqlConnection, type SqlRow } from '../sql/connection.ts'

const mostInFlight = 5
/** Longer than the longest request: only the places of dead processes end by it. */
const placeLifeMs = 75_000
/** A start is promised no further ahead: whoever has the promise may not hear of a pause any more. */
const lookAheadMs = 200
const askAgainMs = 50
/** Places that come free within it are given back together, or with the next question. */
const restMs = 100
const longestPauseMs = 3_600_000
const dayMs = 86_400_000

const serverMs = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint'
// Asked once a statement: each mention of the server's clock is another moment. In the update that is after the wait for the row.
const once = `(select ${serverMs} as now_ms) as clock`

/** The starts of the requests in flight, without those given back, those of dead processes, and those that a clock put back left. */
const stillTaken = (
  freed: string,
) => `array(select place from unnest(kept.places::bigint[]) as place
  where place <> all (${freed}::bigint[])
    and place between now_ms - ${placeLifeMs} and now_ms + ${lookAheadMs})`

const sql = {
  reserve: `insert into location_pace as kept (location_key, paused_until_ms, next_start_ms, places, granted_ms)
    select $1, 0, now_ms + $2, array[now_ms]::text, now_ms from ${once}
    on conflict (location_key) do update set (paused_until_ms, next_start_ms, places, granted_ms) = (
      select paused_ms,
        case when is_free then start_ms + $2 else start_ms end,
        (case when is_free then taken || start_ms else taken end)::text,
        case when is_free then start_ms end
      from (
        select paused_ms, start_ms, taken,
          paused_ms <= now_ms and start_ms <= now_ms + ${lookAheadMs} and cardinality(taken) < ${mostInFlight} as is_free
        from (
          select now_ms, ${stillTaken('$3')} as taken,
            least(kept.paused_until_ms, now_ms + ${longestPauseMs}) as paused_ms,
            greatest(now_ms, least(kept.next_start_ms, now_ms + ${lookAheadMs} + $2)) as start_ms
          from ${once}
        ) as found
      ) as judged)
    returning granted_ms, greatest(0, granted_ms - ${serverMs}) as starts_in_ms,
      greatest(0, paused_until_ms - ${serverMs}) as paused_for_ms,
      next_start_ms - ${serverMs} as next_start_in_ms`,
  release: `update location_pace as kept set places = (select ${stillTaken('$2')}::text from ${once})
    where location_key = $1`,
  pause: `insert into location_pace as kept (location_key, paused_until_ms, next_start_ms, places)
    select $1, now_ms + $2, 0, '{}' from ${once}
    on conflict (location_key) do update set paused_until_ms = greatest(kept.paused_until_ms, excluded.paused_until_ms)`,
  pausedForMs: `select greatest(0, paused_until_ms - ${serverMs}) as paused_for_ms
    from location_pace where location_key = $1`,
  forgetIdle: `delete from location_pace
    where next_start_ms < ${serverMs} - ${dayMs} and paused_until_ms < ${serverMs}`,
}

export interface OpenedPace {
  readonly pauses: LocationPauses
  readonly pace: LocationPace
  /** Gives back what is still to be given back. */
  close(): Promise<void>
}

export function locationPace(connection: SqlConnection, clock: Clock): OpenedPace {
  const closing = new AbortController()
  /** Places by location that the server has not been told of. */
  const freed = new Map<string, number[]>()
  let telling: Promise<void> | undefined
  let forgotAtMs = Number.NEGATIVE_INFINITY

  function giveBack(locationKey: string, places: readonly number[]): void {
    if (places.length === 0) return
    freed.set(locationKey, [...(freed.get(locationKey) ?? []), ...places])
    telling ??= tellLater()
  }

  /** Whatever the server is not told falls free by itself, so no failure of it matters. */
  async function tellLater(): Promise<void> {
    await clock.sleep(restMs, closing.signal).catch(() => undefined)
    telling = undefined
    for (const [locationKey, places] of [...freed]) {
      freed.delete(locationKey)
      await connection.run(sql.release, [locationKey, listOf(places)]).catch(() => undefined)
    }
    await forgetIdle().catch(() => undefined)
  }

  async function forgetIdle(): Promise<void> {
    const nowMs = clock.now().getTime()
    if (Math.abs(nowMs - forgotAtMs) < dayMs) return
    forgotAtMs = nowMs
    await connection.run(sql.forgetIdle)
  }

  return {
    pauses: {
      async pause(locationKey, forMs) {
        await connection.run(sql.pause, [locationKey, forMs])
      },
      async pausedForMs(locationKey) {
        const row = await first(connection, sql.pausedForMs, [locationKey])
        return Number(row?.paused_for_ms ?? 0)
      },
    },
    pace: {
      async reserve(locationKey, spacingMs) {
        const places = freed.get(locationKey) ?? []
        freed.delete(locationKey)
        try {
          const values = [locationKey, spacingMs, listOf(places)]
          return reservationIn((await first(connection, sql.reserve, values)) ?? {})
        } catch (error) {
          giveBack(locationKey, places)
          throw error
        }
      },
      release: (locationKey, place) => giveBack(locationKey, [place]),
    },
    async close() {
      closing.abort()
      await telling
    },
  }
}

function reservationIn(row: SqlRow): Reservation {
  const { granted_ms: grantedMs = null } = row
  if (grantedMs !== null)
    return { isGranted: true, place: Number(grantedMs), startsInMs: Number(row.starts_in_ms) }
  return {
    isGranted: false,
    pausedForMs: Number(row.paused_for_ms),
    askAgainInMs: Math.max(askAgainMs, Number(row.next_start_in_ms) - lookAheadMs),
  }
}

/** As the server writes an array. */
function listOf(places: readonly number[]): string {
  return `{${places.join(',')}}`
}
