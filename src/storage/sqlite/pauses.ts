/** Pauses that Apple asked for, kept over a restart (ports/location-pace.ts), by the clock of the one process there is. */
import type { Clock } from '../../model/clock.ts'
import type { LocationPauses } from '../../ports/location-pace.ts'
import { first, type SqlConnection, type Transact } from '../sql/connection.ts'

const sql = {
  find: 'select paused_until_ms from location_pace where location_key = $1',
  pause: `insert into location_pace (location_key, paused_until_ms, next_start_ms, places) values ($1, $2, 0, '{}')
    on conflict (location_key) do update set paused_until_ms = max(paused_until_ms, excluded.paused_until_ms)`,
  forgetPast: 'delete from location_pace where paused_until_ms <= $1',
}

export function sqlitePauses(
  reads: SqlConnection,
  transact: Transact,
  clock: Clock,
): LocationPauses {
  const nowMs = () => clock.now().getTime()
  return {
    pause: (locationKey, forMs) =>
      transact(async (connection) => {
        await connection.run(sql.forgetPast, [nowMs()])
        await connection.run(sql.pause, [locationKey, nowMs() + forMs])
      }),
    async pausedForMs(locationKey) {
      const row = await first(reads, sql.find, [locationKey])
      return Math.max(0, Number(row?.paused_until_ms ?? 0) - nowMs())
    },
  }
}
