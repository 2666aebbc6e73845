using Roux.Tracking.Capture.Lineage;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture.Lineage;

public class YamlSubsetTests
{
    [Theory]
    [InlineData("a: 1\nb: x y # no\n", """{"a":"1","b":"x y"}""")]
    [InlineData("a:\n- 1\n-   k: v\n    l: w\n- - x\n  - y\n", """{"a":["1",{"k":"v","l":"w"},["x","y"]]}""")]
    [InlineData("a:\n  b:\n    c: d\n  e: f\ng:\n", """{"a":{"b":{"c":"d"},"e":"f"},"g":null}""")]
    [InlineData("cmd: python train.py --a 1\n    --b 2\n  --c 3\nnext: 1\n", """{"cmd":"python train.py --a 1 --b 2 --c 3","next":"1"}""")]
    [InlineData("a: 'it''s: #1'\nb: \"x\\n\\u00fc\"\n", """{"a":"it's: #1","b":"x\nü"}""")]
    [InlineData("a: [1, {b: c, \"d\": 'e'}, []]\nf: {}\n", """{"a":["1",{"b":"c","d":"e"},[]],"f":{}}""")]
    [InlineData("a: [1,\n  2]\nb: 2\n", """{"a":["1","2"],"b":"2"}""")]
    [InlineData("a: |\n  x\n   y\n\nb: >-\n  one\n  two\n", """{"a":"x\n y\n","b":"one two"}""")]
    [InlineData("---\n# c\n'k: 1': C:\\path\nurl: http://x:80/y\n", """{"k: 1":"C:\\path","url":"http://x:80/y"}""")]
    public void What_DVC_and_conda_write_is_read(string yaml, string json) =>
        YamlSubset.Parse(yaml)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ShouldBe(json);

    [Fact]
    public void Typed_scalars_are_numbers_and_truth_values_and_hashes_of_digits_stay_text_otherwise()
    {
        YamlSubset.Parse("a: 1\nb: 1.5\nc: true\nd: '1'\ne: null\nf: 1.2.3\n", typed: true)!.ToJsonString().ShouldBe("""{"a":1,"b":1.5,"c":true,"d":"1","e":null,"f":"1.2.3"}""");
        YamlSubset.Parse("md5: 00123456789012345678901234567890")!["md5"]!.ToString().ShouldBe("00123456789012345678901234567890");
    }

    [Theory]
    [InlineData("a: &x 1\n", "line 1")]
    [InlineData("a: 1\nb: *x\n", "line 2")]
    [InlineData("a: !!binary x\n", "line 1")]
    [InlineData("a: 1\na: 2\n", "second time")]
    [InlineData("a: \"open\n", "nothing closes")]
    [InlineData("a: [1, 2\n", "nothing closes")]
    [InlineData("\ta: 1\n", "tab")]
    [InlineData("a: 1\n   b: 2\n", "line 2")]
    public void What_is_not_read_is_refused(string yaml, string reason) => Should.Throw<FormatException>(() => YamlSubset.Parse(yaml)).Message.ShouldContain(reason);

    [Fact]
    public void Deep_nesting_is_refused_and_does_not_end_the_process()
    {
        Should.Throw<FormatException>(() => YamlSubset.Parse("a: " + new string('[', 100_000)));
        Should.Throw<FormatException>(() => YamlSubset.Parse(string.Concat(Enumerable.Range(0, 200).Select(i => new string(' ', i) + "k:\n"))));
        Should.Throw<FormatException>(() => YamlSubset.Parse(string.Concat(Enumerable.Repeat("- ", 5000)) + "x"));
    }
}
