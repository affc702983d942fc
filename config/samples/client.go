// An application of scimd: lists users, asks what one may do, and follows a snapshot.
//
// SCIMD_URL=http://127.0.0.1:8080 SCIMD_KEY=... go run client.go ada@example.com members:read
// The key needs the scopes api.people.read and api.access.read.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// The body of an answer, to be read value by value; a refusal ends the program.
func call(method, path, body string) *json.Decoder {
	request, err := http.NewRequest(method, os.Getenv("SCIMD_URL")+path, strings.NewReader(body))
	check(err)
	request.Header = http.Header{"Authorization": {"Bearer " + os.Getenv("SCIMD_KEY")}, "Content-Type": {"application/json"}}
	answer, err := http.DefaultClient.Do(request)
	check(err)
	if answer.StatusCode != 200 {
		log.Fatal(path, ": ", answer.Status)
	}
	return json.NewDecoder(answer.Body)
}

func main() {
	user, permission, count := os.Args[1], os.Args[2], 0
	for more, cursor := true, ""; more; { // Every user, page by page.
		page := map[string]any{}
		check(call("GET", "/api/v1/users?limit=100"+cursor, "").Decode(&page))
		items, next := page["items"].([]any), page["next"]
		count, cursor, more = count+len(items), "&cursor="+url.QueryEscape(fmt.Sprint(next)), next != nil
	}
	question, _ := json.Marshal(map[string]string{"user": user, "permission": permission})
	answer := struct{ Allowed bool }{}
	check(call("POST", "/api/v1/access/check", string(question)).Decode(&answer))
	verdict := map[bool]string{true: "allowed", false: "denied"}[answer.Allowed]
	fmt.Printf("users: %d\n%s %s: %s\n", count, user, permission, verdict)
	counts, line, lines := map[string]int{}, map[string]any{}, call("GET", "/api/v1/snapshot", "")
	for line["asOf"] == nil { // Without a last line asOf, the snapshot is incomplete.
		line = map[string]any{}
		check(lines.Decode(&line))
		for kind := range line {
			counts[kind]++
		}
	}
	fmt.Printf("snapshot: %d users, %d groups, %d grants\n", counts["user"], counts["group"], counts["grant"])
	fmt.Println("as of:", line["asOf"])
}
