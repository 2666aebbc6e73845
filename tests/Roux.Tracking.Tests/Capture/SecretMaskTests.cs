using CsCheck;
using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

public class SecretMaskTests
{
    // Put together at run time, so that no scanner takes this file for a leak.
    private static readonly string GitHub = "ghp_" + new string('a', 18) + new string('7', 18);
    private static readonly string Amazon = "AKIA" + "IOSFODNN7" + "EXAMPLE";

    [Theory]
    [InlineData("--api-key abc", "--api-key ***")]
    [InlineData("--password=hunter2", "--password=***")]
    [InlineData("token=12345", "token=***")]
    [InlineData("db.password=x", "db.password=***")]
    [InlineData("-Dspring.datasource.password=x", "-Dspring.datasource.password=***")]
    [InlineData("GITHUB_TOKEN=x python t.py", "GITHUB_TOKEN=*** python t.py")]
    [InlineData("--accessToken x", "--accessToken ***")]
    [InlineData("--aws_secret_access_key x", "--aws_secret_access_key ***")]
    [InlineData("--client-secret x --lr 0.1", "--client-secret *** --lr 0.1")]
    [InlineData("--db-pass x", "--db-pass ***")]
    [InlineData("/password:x", "/password:***")]
    [InlineData("curl -u ada:pw https://x.org", "curl -u ada:*** https://x.org")]
    [InlineData("postgres://ada:pw@db.local/x", "postgres://ada:***@db.local/x")]
    [InlineData("redis://:pw@cache:6379", "redis://:***@cache:6379")]
    [InlineData("https://x.org/d.csv?sig=abc&n=1", "https://x.org/d.csv?sig=***&n=1")]
    public void Values_of_secrets_are_masked(string line, string expected) =>
        string.Join(' ', SecretMask.Arguments(line.Split(' '))).ShouldBe(expected);

    [Theory]
    [InlineData("--max-tokens 100 --tokenizer bert --num-token-types 3")]
    [InlineData("--pad-token <pad> --eos_token </s>")]
    [InlineData("--key-column id --primary-key id --sort-key date")]
    [InlineData("--author ada --no-auth-check --first-pass 3")]
    [InlineData("--password --verbose")]
    [InlineData("train.py --data=/data/secrets/x.csv data.lr=0.1")]
    [InlineData("https://x.org/a.csv?page=2 s3://bucket/key sqlite:///a.db")]
    [InlineData("git@github.com:ada/repo.git scikit-learn==1.5 sk-learn hf_cache")]
    public void Ordinary_arguments_stay(string line) =>
        string.Join(' ', SecretMask.Arguments(line.Split(' '))).ShouldBe(line);

    [Theory]
    [InlineData("Authorization: Bearer abc.def", "Authorization: ***")]
    [InlineData("X-Api-Key: abc", "X-Api-Key: ***")]
    [InlineData("""{"api_key": "abc", "lr": 0.1}""", """{"api_key": "***", "lr": 0.1}""")]
    [InlineData("Server=db;User=ada;Password=pw;Port=1", "Server=db;User=ada;Password=***;Port=1")]
    [InlineData("TOKEN=abc python t.py --password 'a b' --lr 1", "TOKEN=*** python t.py --password '***' --lr 1")]
    public void Secrets_inside_one_argument_are_masked(string argument, string expected) => SecretMask.Arguments(["sh", "-c", argument])[2].ShouldBe(expected);

    [Fact]
    public void Tokens_of_known_forms_are_masked_wherever_they_stand()
    {
        foreach (var token in new[] { GitHub, Amazon, "xoxb-" + new string('1', 24), "sk-proj-" + new string('a', 30), "glpat-" + new string('x', 20), "hf_" + new string('Q', 34) })
        {
            SecretMask.Arguments(["train", token])[1].ShouldNotContain(token[8..]);
            SecretMask.Tokens($"+key = \"{token}\"\n", out var count).ShouldNotContain(token[8..]);
            count.ShouldBe(1);
        }

        SecretMask.Tokens("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", out _).ShouldBe("-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----");
    }

    [Theory]
    [InlineData("token = tokenizer.next()\npassword = input()\n")]
    [InlineData("url = f\"https://{user}:{password}@{host}/\"\n")]
    [InlineData("url: \"postgres://$USER:$PASS@db\"\n")]
    public void Code_stays_code(string code) => SecretMask.Tokens(code, out _).ShouldBe(code);

    [Theory]
    [InlineData("https://ada:pw@github.com/a/b.git", "https://github.com/a/b.git")]
    [InlineData("https://token@github.com/a/b.git", "https://github.com/a/b.git")]
    [InlineData("https://ada:p@ss@github.com/a/b.git", "https://github.com/a/b.git")]
    [InlineData("https://ada:p/ss@github.com/a/b.git", "https://github.com/a/b.git")]
    [InlineData("ssh://git@github.com/a/b.git", "ssh://git@github.com/a/b.git")]
    [InlineData("git@github.com:a/b.git", "git@github.com:a/b.git")]
    [InlineData("https://x.org/a.git?private_token=abc", "https://x.org/a.git?private_token=***")]
    [InlineData("https://gitlab.example.org:8443/a@b/c.git", "https://gitlab.example.org:8443/a@b/c.git")]
    [InlineData("/srv/git/a.git", "/srv/git/a.git")]
    public void Remote_urls_lose_their_credentials(string url, string expected) => SecretMask.Url(url).ShouldBe(expected);

    [Fact]
    public void Any_command_line_keeps_its_length_and_any_password_goes() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 6, 20], Gen.String.Array[0, 6]).Sample((secret, others) =>
        {
            var word = "Zq" + secret;
            string[] command = ["prog", .. others.Where(o => !o.StartsWith('-') && !o.StartsWith('/')), "--password", word, "--api_key=" + word, "https://u:" + word + "@h.org/"];
            var masked = SecretMask.Arguments(command);
            masked.Length.ShouldBe(command.Length);
            masked.TakeLast(4).ShouldAllBe(a => !a.Contains(word, StringComparison.Ordinal));
        }, iter: 500);
}
