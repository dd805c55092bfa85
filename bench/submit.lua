-- Each request submits another customer's qualification under an MS-RequestId of its own.
local number = tonumber(os.getenv("FIRST"))
wrk.method = "POST"
wrk.body = os.getenv("BODY") or '{"qualification":"Education","educationSegment":"K12","website":"example.edu"}'
wrk.headers["Content-Type"] = "application/json"

request = function()
   number = number + 1
   wrk.headers["MS-RequestId"] = string.format("11111111-0000-4000-8000-%012x", number)
   return wrk.format(nil, string.format("/v1/customers/00000000-0000-4000-8000-%012x/qualifications", number))
end
