rule upx_packed
{
    meta:
        description = "An executable packed with UPX"
        severity = 1
    strings:
        $pe0 = "UPX0"
        $pe1 = "UPX1"
        $magic = "UPX!"
        $info = "$Info: This file is packed with the UPX executable packer"
    condition:
        (uint16(0) == 0x5A4D and all of ($pe*) and $magic) or (uint32(0) == 0x464C457F and $magic and $info)
}

rule pe_in_pe
{
    meta:
        description = "A Windows program that carries another one"
        severity = 1
    strings:
        $dos = "!This program cannot be run in DOS mode"
    condition:
        uint16(0) == 0x5A4D and #dos > 1
}
