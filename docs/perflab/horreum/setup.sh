#!/bin/sh
# Creates what results need in Horreum from the files beside it. Needs curl and jq, and in the environment:
#   HORREUM_URL       https://horreum.example.com
#   HORREUM_API_KEY   a key of a user with the role tester in the team
#   TEAM              the owning team, for example dev-team
set -eu
cd "$(dirname "$0")"

call() { # METHOD PATH: sends standard input as JSON
  curl -fsS -X "$1" "$HORREUM_URL$2" -H "X-Horreum-API-Key: $HORREUM_API_KEY" -H 'Content-Type: application/json' --data-binary @-
}
read_json() { curl -fsS "$HORREUM_URL$1" -H "X-Horreum-API-Key: $HORREUM_API_KEY"; }

jq --arg team "$TEAM" '.owner = $team | .labels[].owner = $team' schema.json | call POST /api/schema/import > /dev/null
jq --arg team "$TEAM" '.owner = $team' test.json | call POST /api/test/import > /dev/null
test_id=$(read_json "/api/test/byName/$(jq -r .name test.json)" | jq .id)

jq --argjson test "$test_id" '.testId = $test' view.json | call POST /api/ui/view > /dev/null

# Comparisons name their variable by its id, which the import has just given out.
variables=$(read_json "/api/alerting/variables?test=$test_id" | jq 'map({key: .name, value: .id}) | from_entries')
jq --argjson test "$test_id" --argjson ids "$variables" \
  '.testId = $test | .comparisons[] |= (.variableId = $ids[.variableName])' experiment-profile.json |
  call POST "/api/experiment/$test_id/profiles" > /dev/null

echo "Test $test_id is ready: put it and its view into the project file (datastoreConfig), apply it, then npx perf-bot horreum connect OWNER/REPO JOB"
read_json "/api/ui/$test_id/views" | jq -r '.[] | "  view \(.id)  \(.name)"'
