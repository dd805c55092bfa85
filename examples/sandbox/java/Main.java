import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Starts a sandbox, makes a world in it, and asks for a qualification there: `java Main.java` (Java 17 or newer). */
public class Main {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String HARVARD = "11111111-c0c0-4000-8000-000000000002"; // the same id in every world

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("sandbox-");
        Path readyFile = folder.resolve("address");
        // With --until-eof it ends when its standard input does, that is with this process, however that ends.
        Process sandbox = new ProcessBuilder(
                "vetline", "sandbox", "--port", "0", "--ready-file", readyFile.toString(), "--until-eof")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("log").toFile())
                .start();
        try {
            qualify(address(sandbox, readyFile));
        } finally {
            sandbox.getOutputStream().close();
            sandbox.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private static void qualify(String base) throws Exception {
        // A world of its own for each test: nobody else sees what happens in it.
        String world = ask("POST", base + "/sandbox/worlds", "{\"mode\": \"immediate\"}", null);
        String qualifications = base + "/v1/customers/" + HARVARD + "/qualifications";
        String token = tokenOf(base, world);
        String wanted = "{\"Qualification\": \"Education\", \"EducationSegment\": \"HigherEducation\"}";
        String created = ask("POST", qualifications, wanted, token);
        System.out.println("asked: " + member(created, "vettingStatus"));
        String found = ask("GET", qualifications, null, token);
        System.out.println("found: " + member(found, "qualification") + " " + member(found, "vettingStatus"));
        ask("DELETE", member(world, "control"), null, null);
    }

    private static String address(Process sandbox, Path readyFile) throws IOException, InterruptedException {
        while (!Files.exists(readyFile)) {
            if (!sandbox.isAlive()) {
                throw new IllegalStateException("vetline sandbox ended with " + sandbox.exitValue());
            }
            Thread.sleep(20);
        }
        return Files.readString(readyFile).strip();
    }

    /** The first partner's application comes first in what describes a world, and its user with MFA too. */
    private static String tokenOf(String base, String world) throws Exception {
        Map<String, String> form = Map.of(
                "grant_type", "password",
                "client_id", member(world, "clientId"),
                "client_secret", member(world, "clientSecret"),
                "username", member(world, "username"),
                "password", member(world, "password"),
                "scope", "https://api.partnercenter.microsoft.com/.default");
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        URI address = URI.create(base + "/" + member(world, "tenantId") + "/oauth2/v2.0/token");
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))
                .build();
        return member(sent(request), "access_token");
    }

    private static String ask(String method, String url, String body, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return sent(request.build());
    }

    private static String sent(HttpRequest request) throws Exception {
        var answer = HTTP.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IllegalStateException(request.uri() + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** The JDK reads no JSON; a real test uses a library. This finds the first member of that name. */
    private static String member(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return found.group(1);
    }
}
