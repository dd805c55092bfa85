-- Sends one kind of request, {n} in path and body replaced by a number of its own where it stands there.
local number = tonumber(os.getenv("FIRST"))
local target, body = os.getenv("TARGET"), os.getenv("BODY")
wrk.method = os.getenv("METHOD")
wrk.path = target
wrk.body = body

local function numbered(text, id)
   return (text:gsub("{n}", id))
end

if (target .. body):find("{n}", 1, true) then
   request = function()
      number = number + 1
      local id = string.format("%012x", number)
      return wrk.format(nil, numbered(target, id), nil, numbered(body, id))
   end
end
