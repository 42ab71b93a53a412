private rule office_file
{
    condition:
        uint32(0) == 0xE011CFD0 or uint32(0) == 0x04034B50
}

rule office_macro_auto_open
{
    meta:
        description = "An Office document whose macro runs by itself"
        severity = 3
    strings:
        $project = "_VBA_PROJECT" ascii wide
        $attribute = "Attribut" ascii
        $auto1 = "AutoOpen" nocase ascii wide
        $auto2 = "Document_Open" nocase ascii wide
        $auto3 = "Auto_Open" nocase ascii wide
        $auto4 = "Workbook_Open" nocase ascii wide
        $auto5 = "AutoExec" nocase ascii wide
    condition:
        office_file and $project and $attribute and any of ($auto*)
}

rule pdf_javascript_on_open
{
    meta:
        description = "A PDF that runs JavaScript when it is opened"
        severity = 2
    strings:
        $open = "/OpenAction"
        $script = /\/(JavaScript|JS)\b/
    condition:
        uint32(0) == 0x46445025 and $open and $script
}

rule rtf_embedded_object
{
    meta:
        description = "An RTF document with an embedded object that updates itself"
        severity = 3
    strings:
        $object = "\\objdata" nocase
        $update = "\\objupdate" nocase
    condition:
        uint32be(0) == 0x7B5C7274 and $object and $update
}
