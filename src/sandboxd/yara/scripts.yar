rule powershell_download_cradle
{
    meta:
        description = "PowerShell that fetches code and runs it"
        severity = 4
    strings:
        $fetch1 = /Net\.WebClient\s{0,8}\)?\s{0,8}\.\s{0,8}Download(String|Data|File)\b/ nocase ascii wide
        $fetch2 = "Invoke-WebRequest" nocase ascii wide
        $fetch3 = "Start-BitsTransfer" nocase ascii wide
        $fetch4 = /\bIWR\s+['"]?https?:/ nocase ascii wide
        $run1 = "Invoke-Expression" nocase ascii wide
        $run2 = /\bIEX\b\s{0,8}[('"$&|]/ nocase ascii wide
        $run3 = /\|\s{0,8}IEX\b/ nocase ascii wide
    condition:
        filesize < 5MB and any of ($fetch*) and any of ($run*)
}

rule powershell_encoded_command
{
    meta:
        description = "Starts PowerShell hidden, with an encoded command"
        severity = 3
    strings:
        $encoded = /powershell(\.exe)?\s[^\r\n]{0,120}-e(nc|ncodedcommand)?\s+[A-Za-z0-9+\/=]{40}/ nocase ascii wide
    condition:
        filesize < 5MB and $encoded
}

rule shell_reverse_tcp
{
    meta:
        description = "A script that hands a shell to another machine"
        severity = 4
    strings:
        $dev_tcp = /(bash|sh)\s+-i\s{0,4}[^\r\n]{0,40}\/dev\/(tcp|udp)\/[^\s\/]{1,80}\/[0-9]{1,5}/
        $netcat = /\b(nc|ncat|netcat)\s[^\r\n]{0,60}-[a-z]{0,3}e\s{0,4}\/bin\/(ba|da|z)?sh\b/
        $fifo = /mkfifo\s[^\r\n]{1,60}[\r\n;|&][^\r\n]{0,120}\/bin\/(ba)?sh\s+-i[^\r\n]{0,60}\b(nc|ncat|telnet)\b/
        $python = /socket\.socket\([^\r\n]{0,200}os\.dup2\([^\r\n]{0,200}\/bin\/(ba)?sh/
    condition:
        filesize < 1MB and any of them
}

rule script_host_downloader
{
    meta:
        description = "A Windows script that downloads a file and starts it"
        severity = 4
    strings:
        $fetch1 = "MSXML2.XMLHTTP" nocase ascii wide
        $fetch2 = "WinHttp.WinHttpRequest" nocase ascii wide
        $save = "ADODB.Stream" nocase ascii wide
        $run1 = "WScript.Shell" nocase ascii wide
        $run2 = "Shell.Application" nocase ascii wide
    condition:
        filesize < 1MB and uint16(0) != 0x5A4D and any of ($fetch*) and $save and any of ($run*)
}
