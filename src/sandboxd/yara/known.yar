rule eicar_test_file
{
    meta:
        description = "Contains the EICAR test file, which every scanner calls malware"
        severity = 5
    strings:
        // The text is in two halves, so that no scanner takes this rule for the file itself.
        $head = "X5O!P%@AP[4\\PZX54(P^)7CC)7}"
        $tail = "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    condition:
        for any i in (1..#head) : ($tail at @head[i] + 27)
}
