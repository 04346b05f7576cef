-- wrk: sends comments that are all different, as readers who have just come write them.
local words = {}
for word in ([[margin pencil novel stranger window letter kitchen winter garden station
  bus ticket reader answer question paper lamp river bridge house street child mother
  father friend doctor teacher piano violin coffee bread apple summer evening morning
  light shadow silence voice story chapter page sentence comma memory photograph map
  journey train boat island mountain forest field stone water fire cloud rain snow wind
  clock calendar key door table chair bed mirror shirt coat shoe hat glove bag basket
  hammer nail rope wheel engine road corner market shop counter price penny pound gift
  birthday wedding funeral prayer song dance game ball card box drawer shelf library]])
  :gmatch("%a+") do words[#words + 1] = word end

local threads, counter, answers = 0, 0, {}

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init()
  math.randomseed(os.time() * 100 + id)
  stored, refused = 0, 0
end

function request()
  counter = counter + 1
  local said = {}
  for place = 1, 45 do said[place] = words[math.random(#words)] end
  local who = id .. "x" .. counter .. "x" .. math.random(1000000)
  local body = "comment=" .. table.concat(said, "+") .. "+" .. who .. "&name=Reader+" .. who ..
    "&email=r" .. who .. "%40example.org&url=&parent=&subject=&do=post&seconds=60"
  return wrk.format("POST", wrk.path, {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Sec-Fetch-Site"] = "same-origin",
    ["Host"] = wrk.headers["Host"],
  }, body)
end

function response(status)
  if status == 303 then stored = stored + 1 else refused = refused + 1 end
end

function done(summary, latency)
  io.write(string.format("max_ms %.1f p99_ms %.1f requests %d seconds %.3f errors %d\n",
    latency.max / 1000, latency:percentile(99) / 1000, summary.requests,
    summary.duration / 1e6, summary.errors.status + summary.errors.connect +
    summary.errors.read + summary.errors.write + summary.errors.timeout))
end
