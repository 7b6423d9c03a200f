-- SPDX-License-Identifier: MIT
-- What the teaching kernel's test runs with Lua's own interpreter, unchanged, on newlib: the parts of a big program
-- that lean on the C library and the kernel. Prints "lua: fine" at the end; an assertion that fails ends it before.

-- Numbers, printed and read.
assert(string.format("%.3f %5d %x %g", math.pi, -42, 255, 1e100) == "3.142   -42 ff 1e+100")
assert(math.maxinteger + 1 == math.mininteger and 7 // 2 == 3 and 7 / 2 == 3.5 and 2 ^ 10 == 1024)
assert(tonumber("0x10") == 16 and tonumber("1e3") == 1000 and tostring(0.1) == "0.1")
assert(math.abs(math.sin(1) ^ 2 + math.cos(1) ^ 2 - 1) < 1e-15)

-- Strings and patterns.
local words = {}
for word in ("a small Unix to learn from"):gmatch("%a+") do
    words[#words + 1] = word:upper()
end
table.sort(words)
assert(table.concat(words, ",") == "A,FROM,LEARN,SMALL,TO,UNIX")
assert(("x"):rep(100000):len() == 100000)

-- Tables, closures, and a garbage collector that has something to do.
local function sieve(limit)
    local composite, primes = {}, {}
    for i = 2, limit do
        if not composite[i] then
            primes[#primes + 1] = i
            for k = i * i, limit, i do
                composite[k] = true
            end
        end
    end
    return primes
end
assert(#sieve(10000) == 1229)
for _ = 1, 20000 do
    local garbage = { {}, "text" .. _ }
    assert(#garbage == 2)
end
collectgarbage()
assert(collectgarbage("count") < 2000)

-- Coroutines and errors: setjmp and longjmp.
local produce = coroutine.wrap(function()
    for i = 1, 3 do
        coroutine.yield(i * i)
    end
end)
assert(produce() + produce() + produce() == 14)
local fine, message = pcall(error, "on purpose")
assert(not fine and message == "on purpose")
local function deep(n)
    return n == 0 and 0 or 1 + deep(n - 1)
end
assert(deep(1000) == 1000 and not pcall(deep, math.huge))

-- Files, processes, time.
local name = os.tmpname()
local file = assert(io.open(name, "w"))
for i = 1, 1000 do
    file:write(i, "\n")
end
file:close()
local sum = 0
for line in io.lines(name) do
    sum = sum + line
end
assert(sum == 500500)
assert(os.rename(name, name .. "x") and os.remove(name .. "x") and not io.open(name))
assert(os.execute("true") and not os.execute("exit 7"))
assert(os.getenv("PATH") == "/bin" and os.time() > 1577836800 and os.clock() >= 0)
print("lua: fine")
