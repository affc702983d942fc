// A receiver of scimd's webhooks: verifies calls, handles each event once, and catches up from the feed it missed.
// SCIMD_SECRET=whsec_... SCIMD_URL=http://127.0.0.1:8080 SCIMD_KEY=... go run receiver.go 3000 handled.txt
package main

import (
	"crypto/hmac"; "crypto/sha256"; "encoding/base64"; "encoding/json"; "fmt"; "io"; "log"
	"net/http"; "os"; "strconv"; "strings"; "sync"; "time"
)

type event struct { ID, Type string; Subject struct{ UserName string } }
var handled, lock = map[string]bool{}, sync.Mutex{}

func handle(e event) { // What the application does with an event; it may come twice.
	lock.Lock()
	defer lock.Unlock()
	if file, err := os.OpenFile(os.Args[2], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil && !handled[e.ID] {
		fmt.Println(e.ID, e.Type, e.Subject.UserName)
		fmt.Fprintln(file, e.ID)
		handled[e.ID] = file.Close() == nil
	}
}

func receive(answer http.ResponseWriter, call *http.Request) {
	body, _ := io.ReadAll(call.Body)
	secret, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("SCIMD_SECRET"), "whsec_"))
	mac, e, status := hmac.New(sha256.New, secret), event{}, 401
	fmt.Fprintf(mac, "%s.%s.%s", call.Header.Get("webhook-id"), call.Header.Get("webhook-timestamp"), body)
	signature := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	sent, _ := strconv.ParseInt(call.Header.Get("webhook-timestamp"), 10, 64)
	for _, one := range strings.Fields(call.Header.Get("webhook-signature")) { // Two while the secret is rotated.
		if hmac.Equal([]byte(one), signature) && time.Since(time.Unix(sent, 0)).Abs() < 5*time.Minute && json.Unmarshal(body, &e) == nil {
			handle(e)
			status = 204
		}
	}
	answer.WriteHeader(status)
}

func main() {
	known, _ := os.ReadFile(os.Args[2])
	page := struct{ Items []event; Next string }{}
	for _, id := range strings.Fields(string(known)) {
		handled[id] = true
		if strings.HasPrefix(id, "evt_") { page.Next = id }
	}
	for page.Next != "" && os.Getenv("SCIMD_URL") != "" {
		request, _ := http.NewRequest("GET", os.Getenv("SCIMD_URL")+"/api/v1/events?after="+page.Next, nil)
		request.Header.Set("Authorization", "Bearer "+os.Getenv("SCIMD_KEY"))
		answer, err := http.DefaultClient.Do(request)
		page.Items = nil
		if err != nil || answer.StatusCode != 200 || json.NewDecoder(answer.Body).Decode(&page) != nil || len(page.Items) == 0 {
			break
		}
		for _, e := range page.Items {
			handle(e)
		}
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], http.HandlerFunc(receive)))
}
