package geelark

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
)

func TestListPages(t *testing.T) {
	t.Parallel()
	cfg := testConfig()
	for i := range 250 {
		cfg.Phones = append(cfg.Phones, PhoneSpec{Name: fmt.Sprintf("phone-%03d", i)})
	}
	s := newCloud(t, cfg)
	seen := map[string]bool{}
	for page := 1; page <= 4; page++ {
		a := s.must(t, apiList, fmt.Sprintf(`{"page":%d,"pageSize":100}`, page))
		want := []int{100, 100, 50, 0}[page-1]
		if len(a.Data.Items) != want || a.Data.Total != 250 || a.Data.Page != page || a.Data.PageSize != 100 {
			t.Errorf("page %d: got %d of %d", page, len(a.Data.Items), a.Data.Total)
		}
		for _, i := range a.Data.Items {
			seen[i.SerialName] = true
		}
	}
	if len(seen) != 250 {
		t.Errorf("got %d phones, want 250", len(seen))
	}
	if got := len(s.must(t, apiList, `{}`).Data.Items); got != defaultPageSize {
		t.Errorf("got %d without a page size, want %d", got, defaultPageSize)
	}
	for _, body := range []string{`{"page":0}`, `{"pageSize":0}`, `{"pageSize":101}`} {
		if got := s.call(t, apiList, body).Code; got != 40008 {
			t.Errorf("%s: got %d, want 40008", body, got)
		}
	}
}

func TestListSearches(t *testing.T) {
	t.Parallel()
	cfg := testConfig("shop", "shop_2", "my shop", "other")
	cfg.Phones[0].Group, cfg.Phones[3].Tags = "g", []string{"x", "y"}
	s := newCloud(t, cfg)
	s.must(t, apiStart, idsBody, "other")
	for body, want := range map[string]string{
		`{"serialName":"shop"}`:              "shop,shop_2,my shop",
		`{"serialName":"shop","pageSize":2}`: "shop,shop_2",
		`{"serialName":"Shop"}`:              "",
		`{"groupName":"g"}`:                  "shop",
		`{"tags":["x"]}`:                     "other",
		`{"tags":["x","z"]}`:                 "",
		`{"openStatus":1}`:                   "other",
		`{"openStatus":0}`:                   "shop,shop_2,my shop",
	} {
		var names []string
		for _, i := range s.must(t, apiList, body).Data.Items {
			names = append(names, i.SerialName)
		}
		if got := strings.Join(names, ","); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
	a := s.must(t, apiList, `{"ids":[%s],"page":9}`, "shop_2", "other")
	if len(a.Data.Items) != 2 || a.Data.Items[1].Status != int(statusStarting) {
		t.Errorf("by id: got %+v", a.Data)
	}
}

func TestIDsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	one, other := newCloud(t, testConfig("a", "b")), newCloud(t, testConfig("b", "c"))
	if a, b := one.named(t, "b").id, other.named(t, "b").id; a != b || len(a) != 18 {
		t.Errorf("got ids %s and %s of one phone", a, b)
	}
	if one.named(t, "a").id == one.named(t, "b").id {
		t.Error("two phones have one id")
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	s := newCloud(t, testConfig("a", "b"))
	a := s.call(t, apiStart, idsBody, "a", "no-1", "b", "no-2")
	if a.Code != 40006 || a.Data.TotalAmount != 4 || a.Data.SuccessAmount != 2 || a.Data.FailAmount != 2 {
		t.Errorf("got %+v", a)
	}
	if d := a.Data.FailDetails; len(d) != 2 || d[1].ID != "no-2" || d[1].Code != 42001 || d[1].Msg == "" {
		t.Errorf("got details %+v", d)
	}
	if a := s.call(t, apiStop, idsBody, "no-1"); a.Code != 40009 || len(a.Data.FailDetails) != 1 {
		t.Errorf("got %+v", a)
	}
	if a := s.must(t, apiStop, idsBody, "a"); a.Data.SuccessDetails[0].Status != int(statusOff) {
		t.Errorf("got %+v", a)
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	s := newCloud(t, testConfig("a"))
	many := `{"ids":["` + strings.Repeat(`x","`, 100) + `x"]}`
	for _, tc := range []struct {
		api, body string
		want      int
	}{
		{apiStatus, ``, 40001},
		{apiStatus, `{`, 40001},
		{apiStatus, `{}`, 40004},
		{apiStatus, `{"ids":"a"}`, 40004},
		{apiStatus, `{"ids":[1]}`, 40004},
		{apiStatus, many, 40004},
		{apiADBData, many, 40004},
		{apiADBStatus, idsBody, 40004},
		{apiShell, `{"id":"1","cmd":"id"}`, 42001},
		{apiUpload, `{"id":"1"}`, 42001},
		{apiUploadURL, `{"fileType":"exe"}`, 40004},
	} {
		if got := s.call(t, tc.api, tc.body, "a").Code; got != tc.want {
			t.Errorf("%s %.40s: got %d, want %d", tc.api, tc.body, got, tc.want)
		}
	}
	if a := s.send(t, request("/open/v1/phone/delete", `{}`)); a.Code != 40005 || a.TraceID != testTraceID {
		t.Errorf("got %+v", a)
	}
}

func TestShell(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		const body = `{"id":%s,"cmd":"`
		if got := s.call(t, apiShell, body+`id"}`, "a").Code; got != 42002 {
			t.Errorf("off: got %d, want 42002", got)
		}
		s.boot(t, "a")
		if a := s.must(t, apiShell, body+`echo x"}`, "a"); a.Data.Status != true || a.Data.Output != "echo x" {
			t.Errorf("got %+v", a.Data)
		}
		if a := s.must(t, apiShell, body+`false"}`, "a"); a.Data.Status != false || a.Data.Output != "no" {
			t.Errorf("got %+v", a.Data)
		}
	})
}

// put uploads to the storage as curl does it.
func (s *Service) put(url, contents string, change ...func(*http.Request)) int {
	r := httptest.NewRequest(http.MethodPut, url, strings.NewReader(contents))
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Code
}

func TestUpload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		urls := s.must(t, apiUploadURL, `{"fileType":"mp4"}`).Data
		withType := func(r *http.Request) { r.Header.Set("Content-Type", "video/mp4") }
		if got := s.put(urls.UploadURL, "video", withType); got != http.StatusForbidden {
			t.Errorf("with a content type that is not signed: got %d, want 403", got)
		}
		if got := s.put(urls.UploadURL+"x", "video"); got != http.StatusForbidden {
			t.Errorf("with a bad signature: got %d, want 403", got)
		}
		if got := s.put(urls.UploadURL, "video"); got != http.StatusOK {
			t.Errorf("got %d, want 200", got)
		}
		upload := fmt.Sprintf(`{"id":%%s,"fileUrl":%q}`, urls.ResourceURL)
		if got := s.call(t, apiUpload, upload, "a").Code; got != 42002 {
			t.Errorf("off: got %d, want 42002", got)
		}
		s.boot(t, "a")
		task := s.must(t, apiUpload, upload, "a").Data.TaskID
		result := func() any { return s.must(t, apiUploadResult, `{"taskId":"`+task+`"}`).Data.Status }
		if got := result(); got != 1.0 {
			t.Errorf("got status %v, want 1", got)
		}
		pass(uploadTime)
		if got := result(); got != 2.0 {
			t.Errorf("got status %v, want 2", got)
		}
		name := urls.ResourceURL[strings.LastIndex(urls.ResourceURL, "/")+1:]
		if got := s.named(t, "a").fake().files[name]; got != "video" {
			t.Errorf("got %q on the phone", got)
		}
		pass(resultTime)
		if got := result(); got != 0.0 {
			t.Errorf("an hour later: got status %v, want 0", got)
		}
		if got := s.put(urls.UploadURL, "video"); got != http.StatusForbidden {
			t.Errorf("after 30 minutes: got %d, want 403", got)
		}
	})
}

func TestUploadFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		s.boot(t, "a")
		urls := s.must(t, apiUploadURL, `{"fileType":"mp4"}`).Data
		upload := fmt.Sprintf(`{"id":%%s,"fileUrl":%q}`, urls.ResourceURL)
		finish := func() any {
			task := s.must(t, apiUpload, upload, "a").Data.TaskID
			pass(uploadTime)
			return s.must(t, apiUploadResult, `{"taskId":"`+task+`"}`).Data.Status
		}
		if got := finish(); got != 3.0 {
			t.Errorf("nothing was put there: got %v, want 3", got)
		}
		s.put(urls.UploadURL, "video")
		s.arm(t, Fault{Kind: kindUploadFails, Count: 1})
		for _, want := range []any{3.0, 2.0} {
			if got := finish(); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		}
	})
}
