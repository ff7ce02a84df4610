/**
 * One call at the ceilings of its key, as one atomic step in Redis: what `bucket.ts`, `recent.ts` and `local.ts` do in a process. The clock is
 * Redis's own, so that nodes whose clocks differ share one bucket; a test gives another.
 *
 * A place is a member of a sorted set whose score is the end of its lease: a node renews the leases of its places, those of a dead node end
 * by themselves.
 *
 * KEYS  1 bucket (`level:at:promised until`)  2 times of the last second  3 places
 * ARGV  1 rate  2 full level  3 horizon of promises, ms  4 ceiling of places (0: the call takes none)  5 id of the place  6 lease, ms  7 now, ms, or 0
 * Answers {what, level, accepted in the last second, seconds to wait, places taken}; what: 0 no token, 1 accepted, 2 no place.
 */
export const ADMIT = `
local rate, full, horizon = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local ceiling, lease, now = tonumber(ARGV[4]), tonumber(ARGV[6]), tonumber(ARGV[7])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local level, promised = full, 0
local bucket = redis.call('GET', KEYS[1])
if bucket then
  local was, at, until_ = string.match(bucket, '^(%d+):(%d+):([%d.]+)$')
  level = math.min(full, was + math.max(0, now - at) * rate)
  promised = tonumber(until_)
end
local function keep()
  local rest = math.ceil(math.max((full - level) / rate, promised - now)) + 60000
  redis.call('SET', KEYS[1], string.format('%d:%d:%.3f', level, now, promised), 'PX', rest)
end
local last = tonumber(redis.call('LINDEX', KEYS[2], -1))
if last and last <= now and now - last >= 1000 then redis.call('DEL', KEYS[2]) end
local first = tonumber(redis.call('LINDEX', KEYS[2], 0))
while first and (first > now or now - first >= 1000) do
  redis.call('LPOP', KEYS[2])
  first = tonumber(redis.call('LINDEX', KEYS[2], 0))
end
if level < 1000 then
  local soonest = now + (1000 - level) / rate
  local at = math.max(soonest, promised + 1000 / rate)
  if at > now + horizon then
    at = math.max(soonest, now + horizon)
    promised = math.min(promised, now + horizon)
  else
    promised = at
  end
  keep()
  return {0, level, redis.call('LLEN', KEYS[2]), math.max(1, math.ceil((at - now) / 1000)), 0}
end
level = level - 1000
keep()
local accepted = redis.call('RPUSH', KEYS[2], string.format('%d', now))
redis.call('PEXPIRE', KEYS[2], 60000)
if ceiling == 0 then return {1, level, accepted, 0, 0} end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local places = redis.call('ZCARD', KEYS[3])
if places >= ceiling then return {2, level, accepted, 0, places} end
redis.call('ZADD', KEYS[3], now + lease, ARGV[5])
redis.call('PEXPIRE', KEYS[3], lease)
return {1, level, accepted, 0, places + 1}
`;

/**
 * Renews the leases of a node's places at one key; places that Redis lost are there again.
 * KEYS 1 places  ARGV 1 lease, ms  2 now, ms, or 0  then their ids
 */
export const RENEW = `
local now = tonumber(ARGV[2])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local ends = now + ARGV[1]
for i = 3, #ARGV do redis.call('ZADD', KEYS[1], ends, ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return #ARGV - 2
`;
