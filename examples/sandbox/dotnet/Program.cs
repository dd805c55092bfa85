// Starts a sandbox, makes a world in it, and asks for a qualification there: `dotnet run` (.NET 8 or newer).
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

var readyFile = Path.Combine(Directory.CreateTempSubdirectory("sandbox-").FullName, "address");
// With --until-eof it ends when its standard input does, that is with this process, however that ends.
using var sandbox = Process.Start(new ProcessStartInfo("vetline")
{
    ArgumentList = { "sandbox", "--port", "0", "--ready-file", readyFile, "--until-eof", "--log-level", "error" },
    RedirectStandardInput = true,
})!;
using var http = new HttpClient();

try
{
    var address = await Address();

    // A world of its own for each test: nobody else sees what happens in it.
    var made = await http.PostAsJsonAsync($"{address}/sandbox/worlds", new { mode = "immediate" });
    var world = await Read(made);
    var partner = world.GetProperty("partners")[0];
    var customer = world.GetProperty("customers").EnumerateArray()
        .First(one => one.GetProperty("domain").GetString() == "harvard.edu");

    var qualifications = $"{address}/v1/customers/{customer.GetProperty("id").GetString()}/qualifications";
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(address, partner));
    var wanted = new { Qualification = "Education", EducationSegment = "HigherEducation", Website = "harvard.edu" };
    var created = await Read(await http.PostAsJsonAsync(qualifications, wanted));
    Console.WriteLine($"asked: {created.GetProperty("vettingStatus")}");
    var found = (await Read(await http.GetAsync(qualifications)))[0];
    Console.WriteLine($"found: {found.GetProperty("qualification")} {found.GetProperty("vettingStatus")}");

    await http.DeleteAsync(world.GetProperty("endpoints").GetProperty("control").GetString());
}
finally
{
    sandbox.StandardInput.Close();
    sandbox.WaitForExit(TimeSpan.FromSeconds(20));
}

async Task<string> Address()
{
    while (!File.Exists(readyFile))
    {
        if (sandbox.HasExited)
        {
            throw new InvalidOperationException($"vetline sandbox ended with {sandbox.ExitCode}");
        }
        await Task.Delay(20);
    }
    return (await File.ReadAllTextAsync(readyFile)).Trim();
}

async Task<string> Token(string address, JsonElement partner)
{
    var application = partner.GetProperty("applications")[0];
    var user = partner.GetProperty("users").EnumerateArray().First(one => one.GetProperty("mfa").GetBoolean());
    var form = new FormUrlEncodedContent(new Dictionary<string, string>
    {
        ["grant_type"] = "password",
        ["client_id"] = application.GetProperty("clientId").GetString()!,
        ["client_secret"] = application.GetProperty("clientSecret").GetString()!,
        ["username"] = user.GetProperty("username").GetString()!,
        ["password"] = user.GetProperty("password").GetString()!,
        ["scope"] = "https://api.partnercenter.microsoft.com/.default",
    });
    var answer = await http.PostAsync($"{address}/{partner.GetProperty("tenantId").GetString()}/oauth2/v2.0/token", form);
    return (await Read(answer)).GetProperty("access_token").GetString()!;
}

async Task<JsonElement> Read(HttpResponseMessage answer)
{
    answer.EnsureSuccessStatusCode();
    return await answer.Content.ReadFromJsonAsync<JsonElement>();
}
