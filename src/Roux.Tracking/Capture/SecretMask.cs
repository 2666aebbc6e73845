using System.Text;
using System.Text.RegularExpressions;

namespace Roux.Tracking.Capture;

/// <summary>Replaces what looks like a secret in command lines, URLs and diffs with <c>***</c>.</summary>
/// <remarks>
/// Errs on the side of hiding, except for names that machine learning uses every day (<c>--max-tokens</c>, <c>--pad-token</c>, <c>--tokenizer</c>, <c>--key-column</c>).
/// </remarks>
internal static partial class SecretMask
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mask = "***";

    private static readonly HashSet<string> SecretWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "password", "passwd", "passwort", "pwd", "pass", "passphrase", "secret", "secrets", "token", "apikey", "apitoken", "authtoken", "accesskey", "secretkey", "privatekey",
        "accountkey", "auth", "authorization", "credential", "credentials", "bearer", "cookie", "signature", "sig", "pat", "pswd",
    };

    private static readonly HashSet<string> KeyPrefixes = new(StringComparer.OrdinalIgnoreCase)
    {
        "api", "access", "secret", "private", "account", "auth", "encryption", "signing", "master", "license", "subscription", "shared", "storage", "ssh", "service", "app",
    };

    // Words of text models and of sequences: "--pad-token '<pad>'" is a setting worth keeping.
    private static readonly HashSet<string> HarmlessBeforeToken = new(StringComparer.OrdinalIgnoreCase)
    {
        "pad", "padding", "eos", "bos", "unk", "unknown", "mask", "sep", "cls", "special", "start", "end", "stop", "image", "next", "per", "prompt", "oov", "blank", "by",
    };

    /// <summary>Whether a parameter of this name would hold a secret.</summary>
    /// <param name="name">As written: <c>--api-key</c>, <c>db.password</c>, <c>GITHUB_TOKEN</c>, <c>accessToken</c>.</param>
    public static bool IsSecretName(string name)
    {
        var words = Words(name);
        if (words.Count == 0)
        {
            return false;
        }

        var last = words[^1];
        var before = words.Count > 1 ? words[^2] : "";
        if (last.Equals("token", StringComparison.OrdinalIgnoreCase) && HarmlessBeforeToken.Contains(before))
        {
            return false;
        }

        if (last.Equals("id", StringComparison.OrdinalIgnoreCase) && before.Equals("session", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (last.Equals("string", StringComparison.OrdinalIgnoreCase) && before.Equals("connection", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (last.Equals("pass", StringComparison.OrdinalIgnoreCase) && words.Count > 1)
        {
            // "--db-pass" is a secret, "--first-pass" and "--two-pass" are not.
            return before is not ("first" or "second" or "two" or "one" or "single" or "multi" or "forward" or "backward" or "high" or "low" or "band" or "per");
        }

        return SecretWords.Contains(last) || (last.Equals("key", StringComparison.OrdinalIgnoreCase) && KeyPrefixes.Contains(before));
    }

    /// <summary>A command line with the values of secrets masked; the number of arguments stays the same.</summary>
    public static string[] Arguments(IReadOnlyList<string> arguments)
    {
        var masked = new string[arguments.Count];
        var curl = arguments.Count > 0 && Path.GetFileNameWithoutExtension(arguments[0]) is "curl" or "wget" or "http" or "https";
        var hideNext = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (hideNext && !IsFlag(argument))
            {
                masked[i] = Mask;
                hideNext = false;
                continue;
            }

            hideNext = argument.Length > 1 && argument[0] is '-' or '/' && argument.IndexOfAny(['=', ':', ' ']) < 0 && argument.IndexOf('/', 1) < 0 && IsSecretName(argument);
            if (curl && i > 0 && arguments[i - 1] is "-u" or "--user" && argument.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                masked[i] = argument[..(colon + 1)] + Mask;
                continue;
            }

            // The script of "sh -c" is not one value: only the parts of it that look like secrets go.
            var script = i > 0 && arguments[i - 1] is ['-', .., 'c'] && argument.Contains(' ', StringComparison.Ordinal);
            masked[i] = (script ? null : Assignment(argument)) ?? Text(argument);
        }

        return masked;

        static bool IsFlag(string argument) => argument.StartsWith("--", StringComparison.Ordinal) || (argument.Length == 2 && argument[0] == '-');
    }

    /// <summary>Free text (a shell string, a header, JSON, a connection string) with the values of secrets masked.</summary>
    public static string Text(string text)
    {
        if (text.Length < 4)
        {
            return text;
        }

        var masked = Tokens(text, out _);
        masked = HeaderPattern().Replace(masked, m => m.Groups["name"].Value + Mask);
        masked = BearerPattern().Replace(masked, m => m.Groups["scheme"].Value + Mask);
        masked = NameValuePattern().Replace(masked, m => m.Groups["value"].Value != Mask && IsSecretName(m.Groups["name"].Value)
            ? m.Groups["head"].Value + Quoted(m.Groups["value"].Value)
            : m.Value);
        return OptionPattern().Replace(masked, m => IsSecretName(m.Groups["name"].Value) && !m.Groups["value"].Value.StartsWith('-')
            ? m.Groups["head"].Value + Quoted(m.Groups["value"].Value)
            : m.Value);
    }

    /// <summary>Text with only unmistakable secrets masked (tokens of known forms, private keys, passwords in URLs), so that code stays code.</summary>
    /// <param name="text">Such as a diff.</param>
    /// <param name="count">How many were masked.</param>
    public static string Tokens(string text, out int count)
    {
        var found = 0;
        var masked = KnownTokenPattern().Replace(text, m =>
        {
            found++;
            return m.Groups["prefix"].Value + Mask;
        });
        masked = PrivateKeyPattern().Replace(masked, m =>
        {
            found++;
            return m.Groups["begin"].Value + Mask;
        });
        masked = UrlPasswordPattern().Replace(masked, m =>
        {
            // A template such as "https://{user}:{password}@host" in code holds no secret.
            if (m.Groups["password"].Value is [] or ['{' or '$' or '<' or '*', ..])
            {
                return m.Value;
            }

            found++;
            return m.Groups["head"].Value + ":" + Mask + "@";
        });
        count = found;
        return masked;
    }

    /// <summary>A remote URL without user, password or secrets in its query; <c>git@host:path</c> stays as it is.</summary>
    public static string Url(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return Tokens(url, out _);
        }

        var start = scheme + 3;
        var pathStart = url.IndexOfAny(['/', '?', '#'], start);
        var authority = pathStart < 0 ? url[start..] : url[start..pathStart];
        // An unescaped "@" or "/" inside a password would move the end of the authority: everything up to the last "@" before the host goes.
        var at = authority.LastIndexOf('@');
        if (at < 0 && url.IndexOf('@', start) is > 0 and var late && url.IndexOf(':', start) is > 0 and var colon && colon < late && pathStart < late
            && !url[start..colon].Contains('.', StringComparison.Ordinal) && url[start..colon] != "localhost")
        {
            return url[..start] + url[(late + 1)..];
        }

        var user = at < 0 ? "" : authority[..at];
        var keepUser = user == "git" && url.StartsWith("ssh", StringComparison.OrdinalIgnoreCase);
        var clean = url[..start] + (keepUser ? "git@" : "") + (at < 0 ? authority : authority[(at + 1)..]) + (pathStart < 0 ? "" : url[pathStart..]);
        return Text(clean);
    }

    private static string? Assignment(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == argument.Length - 1)
        {
            return null;
        }

        var name = argument.AsSpan(0, equals);
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '_' or '.' or '+' or '/' or '~'))
            {
                return null;
            }
        }

        return IsSecretName(name.ToString()) ? argument[..(equals + 1)] + Mask : null;
    }

    private static string Quoted(string value) => value is ['"', ..] ? $"\"{Mask}\"" : value is ['\'', ..] ? $"'{Mask}'" : Mask;

    private static List<string> Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (!char.IsLetterOrDigit(c))
            {
                Flush();
                continue;
            }

            if (char.IsUpper(c) && i > 0 && char.IsLower(name[i - 1]))
            {
                Flush();
            }

            word.Append(c);
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    [GeneratedRegex("""
        (?<prefix>\b(?:gh[pousr]_|github_pat_|glpat-|gl(?:dt|rt|cbt)-|sk-(?:proj-|ant-|or-)?|(?:sk|rk|pk)_(?:live|test)_|xox[abeoprs]-|xapp-|hf_|npm_|pypi-|dckr_pat_|dop_v1_|SG\.|shpat_|dapi|AIza|ya29\.|lin_api_|r8_|pcsk_|nvapi-))(?=[A-Za-z0-9_\-.]*[A-Za-z0-9_\-]{12})[A-Za-z0-9_\-.]{16,}
        |(?<prefix>\b(?:AKIA|ASIA|AGPA|AROA|AIDA))[0-9A-Z]{16}\b
        |(?<prefix>\beyJ)[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex KnownTokenPattern();

    [GeneratedRegex("""(?<begin>-----BEGIN [A-Z ]*PRIVATE KEY-----).+?(?=-----END|\z)""", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex PrivateKeyPattern();

    [GeneratedRegex("""(?<head>\b[A-Za-z][A-Za-z0-9+.\-]{1,20}://[^\s/:@'"<>]*):(?<password>[^\s/@'"<>]*)@""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex UrlPasswordPattern();

    [GeneratedRegex("""(?<name>\b(?:proxy-)?authorization\s*[:=]\s*|\b(?:set-)?cookie\s*:\s*|\bx-(?:[a-z]+-)*(?:key|token|secret)\s*:\s*)[^'"\r\n]+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex HeaderPattern();

    [GeneratedRegex("""(?<scheme>\bbearer\s+)[^\s'",;]{6,}""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex BearerPattern();

    [GeneratedRegex("""(?<head>(?<![A-Za-z0-9_])(?<name>[A-Za-z_][A-Za-z0-9_.\-]{0,60})["']?\s{0,3}[=:](?!//)\s{0,3})(?<value>"[^"]*"|'[^']*'|[^\s;&,'"]+)""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex NameValuePattern();

    [GeneratedRegex("""(?<head>(?<!\S)--?(?<name>[A-Za-z][A-Za-z0-9_.\-]{0,60})\s+)(?<value>"[^"]*"|'[^']*'|\S+)""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex OptionPattern();
}
