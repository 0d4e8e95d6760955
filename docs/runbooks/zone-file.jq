# The DNS records of a stack as lines of a zone file, from the output of `pulumi stack export`:
#   pulumi stack export -s prod | jq -rf docs/runbooks/zone-file.jq
# Names behind the CDN get the address of their origin, as a zone elsewhere would need it.

def dotted: rtrimstr(".") + ".";
# Strings of a TXT record have at most 255 bytes; long ones (DKIM keys) are several.
def strings: [while(. != ""; .[255:]) | .[:255] | tojson] | join(" ");
def value:
  if .type == "TXT" then (.content | if startswith("\"") then (if length > 257 and (contains("\" \"") | not) then .[1:-1] | strings else . end) else strings end)
  elif .type == "CAA" then "\(.data.flags) \(.data.tag) \(.data.value | tojson)"
  elif .type == "MX" then "\(.priority) \(.content | if . == "." then . else dotted end)"
  elif .type == "CNAME" then .content | dotted
  else .content end;

.deployment.resources[]
| select(.type == "cloudflare:index/dnsRecord:DnsRecord")
| .inputs
| "\(.name | dotted) \(if .ttl == 1 then 300 else .ttl end) IN \(.type) \(value)"
